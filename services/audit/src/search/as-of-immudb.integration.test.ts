import { ROUTES } from '@ironforge/contracts';
import type { TenantId } from '@ironforge/kernel';
import { createTestImmudb, hasImmudb, type TestImmudb } from '@ironforge/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Audit } from '../app.ts';
import { type AuditWorld, createAuditWorld, newTenant, personOf } from '../audit.fixture.ts';
import { copied, openReader, sealMore, transactionCount } from '../copy/copy.fixture.ts';

const tenantId = newTenant();
const other = newTenant();
let immudb: TestImmudb;
let world: AuditWorld;
let audit: Audit;

async function ask(asOf: string, more: Record<string, string> = {}): Promise<Response> {
  const authorization = await world.authorize(personOf(tenantId, 'audit:read'));
  const query = new URLSearchParams({ asOf, limit: '200', ...more });
  return await fetch(new URL(`/v1/audit/entries?${query.toString()}`, audit.url), {
    headers: { authorization },
  });
}

/** The numbers that are found as of a moment, and up to where the answer says to go. */
async function foundAsOf(asOf: string, more: Record<string, string> = {}) {
  const answer = ROUTES.listAuditEntries.reply.parse(await (await ask(asOf, more)).json());
  return { numbers: answer.data.map(({ sequence }) => sequence), upTo: answer.asOf?.sequence };
}

const upTo = (count: number) => ({ numbers: Array.from({ length: count }, (_, n) => n + 1), upTo: count });

type Copies = Awaited<ReturnType<typeof copied>>;

describe.skipIf(!hasImmudb())('a search as of a transaction of immudb', () => {
  /** The transaction before the first of ours, those of our first twenty entries, and those of all fifty; between them stand some of others. */
  let txs: Record<'before' | 'first' | 'all', Copies>;

  beforeAll(async () => {
    immudb = await createTestImmudb();
    world = await createAuditWorld(immudb);
    audit = await world.start();
    const copiedOf = async (who: TenantId, more: number, count: number) => {
      await sealMore(world, who, more);
      return await copied(world, who, count);
    };
    const [before, first] = [await copiedOf(other, 3, 3), await copiedOf(tenantId, 20, 20)];
    await copiedOf(other, 3, 6);
    txs = { before, first, all: await copiedOf(tenantId, 30, 50) };
  });
  afterAll(() => world[Symbol.asyncDispose]());

  it('finds exactly what that transaction and those before it brought into immudb, whatever came since', async () => {
    const lastOf = (copies: Copies) => copies.at(-1)?.txId ?? 0;
    expect(await foundAsOf(`immudb:${lastOf(txs.first)}`)).toEqual(upTo(20));
    for (const { size, txId } of txs.all) expect(await foundAsOf(`immudb:${txId}`)).toEqual(upTo(size));
    expect(await foundAsOf(`immudb:${lastOf(txs.before)}`)).toEqual(upTo(0));
    expect(await foundAsOf(`immudb:${lastOf(txs.first) + 1}`)).toEqual(upTo(20));
    const more = { type: 'login_failed', q: 'unknown_account' };
    expect(await foundAsOf(`immudb:${lastOf(txs.first)}`, more)).toEqual(upTo(20));
    await using reader = openReader(immudb);
    expect(await foundAsOf(`immudb:${await transactionCount(reader)}`)).toEqual(upTo(50));
  });

  it('finds all that is there as of a transaction to come, which is now', async () => {
    expect(await foundAsOf('immudb:999999999999')).toEqual(upTo(50));
  });

  it.each(['immudb:', 'immudb:0', 'immudb:-1', 'immudb:1.5', 'immudb:abc', `immudb:${'9'.repeat(16)}`])(
    'is refused for %s, which is none',
    async (asOf) => {
      const answer = await ask(asOf);
      expect([answer.status, await answer.json()]).toMatchObject([
        422,
        { code: 'validation_failed', errors: [{ pointer: '/query/asOf' }] },
      ]);
    },
  );
});

it('a search as of a transaction of immudb is refused where there is none, and says why', async () => {
  await using alone = await createAuditWorld();
  const { url } = await alone.start();
  const authorization = await alone.authorize(personOf(newTenant(), 'audit:read'));
  const target = new URL('/v1/audit/entries?asOf=immudb:1', url);
  const answer = await fetch(target, { headers: { authorization } });
  expect([answer.status, await answer.json()]).toMatchObject([
    422,
    { code: 'validation_failed', errors: [{ pointer: '/query/asOf', code: 'no_immudb' }] },
  ]);
});
