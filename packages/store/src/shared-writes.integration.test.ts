import { randomUUID } from 'node:crypto';
import { AppError, type TenantId } from '@ironforge/kernel';
import { createFaultProxy } from '@ironforge/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { takeIn } from './inbox.ts';
import {
  codeOf,
  countOf,
  counts,
  createStoreFixture,
  newTenant,
  type Rows,
  type StoreFixture,
} from './store.fixture.ts';
import type { Scope } from './store.ts';
import type { Tx } from './transaction.ts';

let fixture: StoreFixture;
beforeAll(async () => {
  fixture = await createStoreFixture();
});
afterAll(() => fixture[Symbol.asyncDispose]());

const CONSUMER = 'shared-writes';

/** Takes in a message of its own, with a trip in between so that others come meanwhile. */
function writer(scope: Scope, tenantId: TenantId) {
  return async (messageId: string, and: (tx: Tx) => unknown = () => undefined) =>
    await scope.together('test', async (tx) => {
      takeIn(tx, { tenantId, consumer: CONSUMER, messageId });
      await tx.raw('SELECT 1');
      await and(tx);
      return messageId;
    });
}

async function storedOf(tenantId: TenantId): Promise<number> {
  const rows = await fixture.database.query('SELECT 1 FROM inbox WHERE tenant_id = $1', [tenantId]);
  return rows.length;
}

function ids(count: number): string[] {
  return Array.from({ length: count }, () => randomUUID());
}

test('writes that come together share commits, each has its own answer, and all are stored', async () => {
  const store = fixture.open();
  const tenantId = newTenant();
  const write = writer(store.forTenant(tenantId), tenantId);
  const wanted = ids(20);
  expect(await Promise.all(wanted.map((id) => write(id)))).toEqual(wanted);
  expect(store.stats().commits).toBe(2);
  expect(await storedOf(tenantId)).toBe(20);
});

test('one that is refused stores nothing and disturbs nobody, and is told so after the others had their turn', async () => {
  const tenantId = newTenant();
  const write = writer(fixture.store.forTenant(tenantId), tenantId);
  const refuse = () => {
    throw new AppError('plan_limit_reached');
  };
  const [first = '', bad = '', ...rest] = ids(6);
  const outcomes = await Promise.all([
    write(first),
    codeOf(write(bad, refuse)),
    ...rest.map((id) => write(id)),
  ]);
  expect(outcomes).toEqual([first, 'plan_limit_reached', ...rest]);
  expect(await storedOf(tenantId)).toBe(5);
});

test('what the database refuses one is its own affair, and hooks run once, for what was stored', async () => {
  const tenantId = newTenant();
  const write = writer(fixture.store.forTenant(tenantId), tenantId);
  const told: string[] = [];
  const tell = (id: string) => (tx: Tx) => tx.afterCommit(() => void told.push(id));
  const [first = '', ...rest] = ids(4);
  const all = [first, ...rest, ...rest];
  const outcomes = await Promise.all(all.map((id) => codeOf(write(id, tell(id)))));
  expect(outcomes.filter((outcome) => outcome === '23505')).toHaveLength(3);
  expect(outcomes.filter((outcome) => outcome === 'no error')).toHaveLength(4);
  expect(told).toHaveLength(4);
  expect(new Set(told)).toEqual(new Set([first, ...rest]));
  expect(await storedOf(tenantId)).toBe(4);
});

test('who waits too long for what another holds is refused alone, and the others are stored', async () => {
  const tenantId = newTenant();
  const scope = fixture.store.forTenant(tenantId);
  await scope.transaction((tx) => counts.insert(tx, tenantId));
  const write = writer(scope, tenantId);
  const lock = (tx: Tx) => tx.raw('SELECT 1 FROM wallet_counts FOR UPDATE');
  const lockSoon = async (tx: Tx) => {
    await tx.raw(`SET LOCAL lock_timeout = '100ms'`);
    await lock(tx);
  };
  const [first = '', kept = '', ...rest] = ids(6);
  await scope.transaction(async (holder) => {
    await lock(holder);
    const outcomes = await Promise.all([
      write(first),
      codeOf(write(kept, lockSoon)),
      ...rest.map((id) => write(id)),
    ]);
    expect(outcomes).toEqual([first, 'dependency_down', ...rest]);
  });
  expect(await storedOf(tenantId)).toBe(5);
});

test('when COMMIT is not answered, nobody of those that shared it knows, and nobody is done again', async () => {
  const tenantId = newTenant();
  await using proxy = await createFaultProxy(fixture.database.url);
  const store = fixture.open({ url: proxy.urlFor(fixture.database.url), pool: { min: 0, max: 1 } });
  let tries = 0;
  proxy.onRequest((chunk) => (chunk.includes('COMMIT') && tries > 1 ? 'reset' : 'pass'));
  const write = writer(store.forTenant(tenantId), tenantId);
  const outcomes = await Promise.all(ids(4).map((id) => codeOf(write(id, () => void (tries += 1)))));
  expect(outcomes).toEqual(['no error', ...ids(3).map(() => 'outcome_unknown')]);
  expect(tries).toBe(4);
});

test('those of another tenant, or of another name, are never in the same transaction', async () => {
  const [mine, theirs] = [newTenant(), newTenant()];
  const me = async (tx: Tx) => String((await tx.raw<Rows>('SELECT txid_current() AS id')).rows[0]?.['id']);
  const share = (tenantId: TenantId, name: string) => fixture.store.forTenant(tenantId).together(name, me);
  await Promise.all(
    [mine, theirs].map((tenantId) =>
      fixture.store.forTenant(tenantId).transaction((tx) => counts.insert(tx, tenantId)),
    ),
  );
  const seen = await Promise.all([
    share(mine, 'a'),
    share(theirs, 'a'),
    share(mine, 'b'),
    share(mine, 'a'),
    share(mine, 'a'),
  ]);
  expect(new Set(seen.slice(0, 4)).size).toBe(4);
  expect(seen[4]).toBe(seen[3]);
  expect(await countOf(fixture.store.forTenant(mine), mine)).toBe(0);
});
