import { randomUUID } from 'node:crypto';
import { ROUTES } from '@ironforge/contracts';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Caller, RawAnswer } from './world/caller.ts';
import { allowAll, createBody, type KeyedWallet, openWallet, type Request } from './world/payment.ts';
import { foundTenant, hirePerson, type Tenant } from './world/tenant.ts';

let tenant: Tenant;
let wallet: KeyedWallet;

beforeAll(async () => {
  tenant = await foundTenant();
  await allowAll(tenant);
  wallet = await openWallet(tenant);
});

const post = (caller: Caller, key: string, body: object) =>
  caller.raw({
    method: 'POST',
    path: '/v1/transactions',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify(body),
  });

const Body = z.looseObject({ id: z.string().default(''), code: z.string().nullish() });
const read = ({ text }: RawAnswer) => Body.parse(JSON.parse(text));

async function requestsOf(caller: Caller): Promise<readonly Request[]> {
  return (await caller.call(ROUTES.listTransactions, { query: { limit: 200 } })).data;
}

describe('an Idempotency-Key', () => {
  it('makes ten equal POSTs at once one request and one answer', async () => {
    const [key, body] = [randomUUID(), createBody(wallet)];
    const answers = await Promise.all(Array.from({ length: 10 }, () => post(tenant.operator, key, body)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers.get('idempotent-replayed') === null)).toHaveLength(1);
    expect((await requestsOf(tenant.operator)).filter(({ to }) => to === body.to)).toHaveLength(1);
  });

  it('gives the first answer again later, even when the request has gone on', async () => {
    const [key, body] = [randomUUID(), createBody(wallet)];
    const first = await post(tenant.operator, key, body);
    const { id } = read(first);
    await tenant.operator.call(ROUTES.cancelTransaction, { params: { id } });
    const later = await post(tenant.operator, key, body);
    expect(later.text).toBe(first.text);
    expect(later.headers.get('idempotent-replayed')).toBe('true');
  });

  it('is refused with another body, and is another key for another user', async () => {
    const [key, body] = [randomUUID(), createBody(wallet)];
    const first = await post(tenant.operator, key, body);
    const other = await post(tenant.operator, key, { ...body, amount: '1001' });
    expect([other.status, read(other).code]).toEqual([422, 'idempotency_key_reused']);
    const colleague = await hirePerson(tenant.admin, tenant.id, 'operator');
    const second = await post(colleague, key, body);
    expect(second.status).toBe(201);
    expect(read(second).id).not.toBe(read(first).id);
  });

  it('does not keep a refusal: the same key works once the body is right', async () => {
    const key = randomUUID();
    expect(
      (await post(tenant.operator, key, createBody({ id: randomUUID() }))).status,
    ).toBeGreaterThanOrEqual(400);
    expect((await post(tenant.operator, key, createBody(wallet))).status).toBe(201);
  });

  it('is required, and must be a word', async () => {
    const body = createBody(wallet);
    const none = await tenant.operator.outcome(ROUTES.createTransaction, { body });
    expect(none).toEqual({ status: 400, code: 'idempotency_key_required' });
    const empty = await tenant.operator.outcome(ROUTES.createTransaction, {
      body,
      headers: { 'idempotency-key': '' },
    });
    expect(empty.status).toBe(400);
  });

  it('is not needed for a client’s own reference, which is unique for ever', async () => {
    const body = createBody(wallet, { clientReference: `invoice ${randomUUID()}` });
    expect((await post(tenant.operator, randomUUID(), body)).status).toBe(201);
    const again = await post(tenant.operator, randomUUID(), body);
    expect([again.status, read(again).code]).toEqual([409, 'client_reference_exists']);
  });
});
