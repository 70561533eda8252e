import { randomUUID } from 'node:crypto';
import { appError } from '@ironforge/contracts';
import { beginIdempotent, finishIdempotent } from '@ironforge/store';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addRow, countRows, openParts, TENANT, type TestParts } from '../consume/consumers.fixture.ts';
import { answerOnce, askThenAnswerOnce, type Effect } from './answer-once.ts';
import type { IdempotencyClaim } from './route.ts';

let parts: TestParts;
beforeAll(async () => {
  parts = await openParts();
});
afterAll(async () => await parts[Symbol.asyncDispose]());

function newClaim(): IdempotencyClaim {
  return { tenantId: TENANT, principalId: randomUUID(), route: 'POST /v1/things', key: 'key', bodyHash: 'a' };
}

const effect: Effect = async (tx) => {
  await addRow(tx);
  return { status: 201, body: { id: randomUUID() } };
};

async function once(claim: IdempotencyClaim | null, run: Effect = effect) {
  return await answerOnce({ scope: parts.store.forTenant(TENANT), claim }, run);
}

const REPLAYED = { 'Idempotent-Replayed': 'true' };

it('has one effect and one answer, however many ask at once', async () => {
  const before = await countRows(parts.database);
  const claim = newClaim();
  const answers = await Promise.all(Array.from({ length: 8 }, async () => await once(claim)));
  expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).toBe(1);
  expect(answers.filter((answer) => answer.headers === undefined)).toHaveLength(1);
  expect(await once(claim)).toEqual({ ...answers[0], headers: REPLAYED });
  expect((await countRows(parts.database)) - before).toBe(1);
});

it('keeps keys of other principals and routes apart, and refuses another body', async () => {
  const claim = newClaim();
  const first = await once(claim);
  for (const other of [{ principalId: randomUUID() }, { route: 'POST /v1/others' }, { key: 'other' }]) {
    expect((await once({ ...claim, ...other })).body).not.toEqual(first.body);
  }
  await expect(once({ ...claim, bodyHash: 'b' })).rejects.toMatchObject({ code: 'idempotency_key_reused' });
});

it('leaves the key free when the effect was refused, thrown or returned', async () => {
  const claim = newClaim();
  const before = await countRows(parts.database);
  const refuse: Effect = async (tx) => {
    await addRow(tx);
    return appError('illegal_transition');
  };
  const fail: Effect = async (tx) => {
    await addRow(tx);
    throw appError('not_found');
  };
  await expect(once(claim, refuse)).rejects.toMatchObject({ code: 'illegal_transition' });
  await expect(once(claim, fail)).rejects.toMatchObject({ code: 'not_found' });
  expect(await countRows(parts.database)).toBe(before);
  expect((await once(claim)).headers).toBeUndefined();
});

it('gives the stored answer again when what is asked before refuses by now', async () => {
  const options = { scope: parts.store.forTenant(TENANT), claim: newClaim() };
  const first = await askThenAnswerOnce(options, async () => 'open', effect);
  const refuse = async () => {
    throw appError('wallet_not_active');
  };
  expect(await askThenAnswerOnce(options, refuse, effect)).toEqual({ ...first, headers: REPLAYED });
  const other = { ...options, claim: { ...options.claim, bodyHash: 'b' } };
  await expect(askThenAnswerOnce(other, refuse, effect)).rejects.toMatchObject({
    code: 'idempotency_key_reused',
  });
  for (const claim of [newClaim(), null]) {
    await expect(askThenAnswerOnce({ ...options, claim }, refuse, effect)).rejects.toMatchObject({
      code: 'wallet_not_active',
    });
  }
});

it.each([201, 202, 204])('replays the headers of an answer with %i as they were', async (status) => {
  const claim = newClaim();
  const headers = { Location: `/v1/things/${randomUUID()}`, ETag: '"1"' };
  const body = status === 204 ? undefined : { id: 'a' };
  const first = await once(claim, async () => ({ status, body, headers }));
  expect(first).toEqual({ status, body, headers });
  expect(await once(claim)).toEqual({ status, body, headers: { ...headers, ...REPLAYED } });
});

it('replays what was stored before headers were', async () => {
  const claim = newClaim();
  await parts.store.forTenant(TENANT).transaction(async (tx) => {
    await beginIdempotent(tx, claim);
    finishIdempotent(tx, claim, { status: 201, response: { id: 'a' } });
  });
  expect(await once(claim)).toEqual({ status: 201, body: { id: 'a' }, headers: REPLAYED });
});

it('replays an answer without content', async () => {
  const claim = newClaim();
  const nothing: Effect = async () => ({ status: 204, body: undefined });
  await once(claim, nothing);
  expect(await once(claim, nothing)).toEqual({ status: 204, body: undefined, headers: REPLAYED });
});

it.each(['before it arrived', 'after it was carried out'])(
  'has one effect when the connection dies at COMMIT, %s',
  async (when) => {
    const before = await countRows(parts.database);
    const claim = newClaim();
    const isCommit = (chunk: Buffer) => chunk.includes('COMMIT');
    const faults = { left: 1 };
    const resetOnce = (chunk: Buffer) =>
      isCommit(chunk) && faults.left-- > 0 ? ('reset' as const) : ('pass' as const);
    if (when === 'before it arrived') parts.line.onRequest(resetOnce);
    else parts.line.onAnswer(resetOnce);
    const answer = await once(claim).finally(() => parts.line.heal());
    expect(faults.left).toBeLessThan(1);
    expect(answer.status).toBe(201);
    expect((await once(claim)).body).toEqual(answer.body);
    expect((await countRows(parts.database)) - before).toBe(1);
  },
);
