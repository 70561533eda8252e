import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { TenantId } from '@ironforge/kernel';
import { waitUntil } from '@ironforge/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Audit } from '../app.ts';
import { type AuditWorld, createAuditWorld } from '../audit.fixture.ts';
import { asking, listenWith, startWitnessProgram, type WitnessProgram } from './witness.fixture.ts';
import { newLog } from './witnessed-log.fixture.ts';

/** What is kept of witnesses. */
const COSIGNED = ['audit_cosignatures', 'audit_witness_turns'];

let world: AuditWorld;
beforeAll(async () => {
  world = await createAuditWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

describe('a witness of a log', () => {
  let log: ReturnType<typeof newLog>;
  let witness: WitnessProgram;
  let audit: Audit;

  beforeAll(async () => {
    log = newLog(world);
    witness = await startWitnessProgram('witness.example/w1', [log.keyText]);
    audit = await world.start(asking([witness]));
    await log.grow(20);
  });
  afterAll(async () => {
    await audit[Symbol.asyncDispose]();
    await witness[Symbol.asyncDispose]();
  });

  it('cosigns it, and every proof then says so', async () => {
    await log.cosignedUpTo(witness, 20);
    const { note, cosigned } = await log.latestFrom(audit);
    expect(cosigned?.size).toBe(20);
    expect(cosigned?.note.startsWith(note)).toBe(true);
    for (const index of [0, 19])
      expect(await log.provedBy(audit, { index, witness })).toEqual([witness.signer.name]);
  });

  it('is away, and nothing waits for it; entries that it saw are proved by what it saw, others by the newest', async () => {
    await witness.kill();
    await log.grow(5);
    const { size, cosigned } = await log.latestFrom(audit);
    expect([size, cosigned?.size]).toEqual([25, 20]);
    expect(await log.provedBy(audit, { index: 3, witness })).toEqual([witness.signer.name]);
    expect(await log.provedBy(audit, { index: 24, witness })).toEqual([]);
    expect(await log.provedBy(audit, { index: 3, witness, from: 25 })).toEqual([]);
    await waitUntil('a word about it', () =>
      world.log.lines.find(({ message }) => /not answer/.test(message)),
    );
    await witness.startAgain();
    await log.cosignedUpTo(witness, 25);
  });

  it('is asked by the next service when one was killed, and by a service whose database lost what it cosigned', async () => {
    await audit[Symbol.asyncDispose]();
    const doomed = world.spawn(asking([witness]));
    await log.grow(5);
    await doomed.kill();
    for (const table of COSIGNED)
      await world.database.query(`DELETE FROM ${table} WHERE tenant_id = $1`, [log.tenantId]);
    audit = await world.start(asking([witness]));
    await log.cosignedUpTo(witness, 30);
    expect(await log.provedBy(audit, { index: 29, witness })).toEqual([witness.signer.name]);
  });
});

describe('two audit services', () => {
  it('ask a witness about a log once in a pace, the two of them together', async () => {
    const log = newLog(world);
    await using witness = await startWitnessProgram('witness.example/w2', [log.keyText]);
    const asked: string[] = [];
    await using between = await listenWith(
      (request, response) => void forward({ url: witness.url, asked }, request, response),
    );
    const settings = asking([{ ...witness, url: between.url }], 3_600_000);
    await using one = await world.start(settings);
    await using other = await world.start(settings);
    await log.grow(3);
    await log.cosignedUpTo(witness, 1);
    await log.grow(3);
    for (const { url } of [one, other])
      await waitUntil('a look', async () => (await behindOf(url, witness)) >= 3);
    expect(asked.filter((body) => body.includes(log.tenantId))).toHaveLength(1);
  });
});

describe('a log that is rolled back with the keys at hand, and sealed anew', () => {
  it.each<[string, readonly string[]]>([
    ['by who leaves the cosignatures', []],
    ['by who takes them away too', COSIGNED],
  ])(
    '%s: is not cosigned while it is shorter, nor when it is longer, and an alert names it',
    async (_, gone) => {
      const log = newLog(world);
      await using witness = await startWitnessProgram('witness.example/w3', [log.keyText]);
      const before = await world.start(asking([witness]));
      await log.grow(10);
      await log.grow(10);
      await log.cosignedUpTo(witness, 20);
      await before[Symbol.asyncDispose]();
      await rollBack(log.tenantId, { size: 10, gone });
      const shorter = await world.start(asking([witness]));
      const alert = await alertOf(log.tenantId, (size) => size < 20);
      expect(alert).toMatchObject({ witnessSize: 20, witness: witness.signer.name });
      await log.grow(14);
      await shorter[Symbol.asyncDispose]();
      await using _longer = await world.start(asking([witness]));
      const later = await alertOf(log.tenantId, (size) => size > 20);
      expect(later).toMatchObject({ size: 24, witnessSize: 20 });
      expect(await log.cosignersOf(24)).toEqual([]);
    },
  );
});

interface Forwarding {
  readonly url: string;
  readonly asked: string[];
}

async function forward(
  { url, asked }: Forwarding,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await text(request);
  asked.push(body);
  const answer = await fetch(`${url}${request.url}`, { method: 'POST', body });
  response.writeHead(answer.status).end(await answer.text());
}

interface RollBack {
  readonly size: number;
  /** Tables of which nothing is left. */
  readonly gone: readonly string[];
}

/** The log as it was at an older size, in every table; below 256 entries all leaves are in one tile. */
async function rollBack(tenantId: TenantId, { size, gone }: RollBack): Promise<void> {
  const run = (sql: string) => world.database.query(sql, [tenantId]);
  await run(`DELETE FROM audit_entries WHERE tenant_id = $1 AND sequence > ${size}`);
  await run(`DELETE FROM audit_checkpoints WHERE tenant_id = $1 AND size > ${size}`);
  await run(`UPDATE audit_tiles SET hashes = substr(hashes, 1, ${size * 32}) WHERE tenant_id = $1`);
  await run(
    `UPDATE audit_sequencers SET last_sequence = ${size}, sealed_size = ${size} WHERE tenant_id = $1`,
  );
  for (const table of gone) await run(`DELETE FROM ${table} WHERE tenant_id = $1`);
}

async function alertOf(tenantId: TenantId, isAt: (size: number) => boolean) {
  return await waitUntil('an alert', () => {
    const alerts = world.log.lines.map(({ fields }) => fields).filter(({ alert }) => alert === 'audit_fork');
    return alerts.find((fields) => fields['tenantId'] === tenantId && isAt(Number(fields['size']))) ?? null;
  });
}

/** The metric of entries that the witness did not cosign; 0 before the first look. */
async function behindOf(url: string, { signer }: WitnessProgram): Promise<number> {
  const metrics = await (await fetch(new URL('/metrics', url))).text();
  const line = metrics
    .split('\n')
    .find((one) => one.startsWith('audit_entries_unwitnessed{') && one.includes(signer.name));
  return Number(line?.split(' ').at(-1) ?? 0);
}
