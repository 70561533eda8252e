import { entryKey, leafHash } from '@ironforge/audit-log';
import type { Immudb, VerifiedEntry } from '@ironforge/immudb';
import { present, type TenantId } from '@ironforge/kernel';
import { createTestImmudb, hasImmudb, type TestImmudb } from '@ironforge/testing';
import { describe, expect, it } from 'vitest';
import { type AuditWorld, createAuditWorld, loginFailed, newTenant } from '../audit.fixture.ts';
import { ageEntries, keepFor, longAgo, ownPruning } from '../keep/keep.fixture.ts';
import { pruneBatch } from '../keep/prune-batch.ts';
import { sealedLeaves } from '../keep/sealed-leaves.ts';
import { copied, openReader, startTestCopy, textKeys } from './copy.fixture.ts';
import { openedText } from './copy-value.fixture.ts';

const OLD = '2020-01-15T00:00:00Z';

/** Ten copied sign-ins, of which the first six came in during a month long ago. */
async function copiedLog(world: AuditWorld, immudb: TestImmudb): Promise<TenantId> {
  const tenantId = newTenant();
  await world.publish(Array.from({ length: 10 }, () => longAgo(loginFailed(tenantId))));
  await world.numbered(tenantId, 10);
  await ageEntries(world.database, tenantId, { sequences: [1, 2, 3, 4, 5, 6], at: OLD });
  await using _copy = startTestCopy(world, immudb);
  await copied(world, tenantId, 10);
  await keepFor(world.database, tenantId, { access: 30 });
  return tenantId;
}

async function provedValue(reader: Immudb, tenantId: TenantId, sequence: number): Promise<VerifiedEntry> {
  const told = await reader.get(Buffer.from(entryKey(tenantId, BigInt(sequence))));
  if ('refused' in told) throw new Error(told.refused.detail);
  return present(told.verified, 'a value');
}

describe.skipIf(!hasImmudb())('the copy of pruned entries', () => {
  it('is read by nobody any more, while it stays proved and its leaf is the one of the tree', async () => {
    const immudb = await createTestImmudb();
    await using world = await createAuditWorld();
    await using _audit = await world.start();
    const tenantId = await copiedLog(world, immudb);
    const texts = (await world.entries(tenantId)).map(({ canonical }) => canonical ?? '');
    const keysBefore = await textKeys(world.database, tenantId);
    await using pruning = ownPruning(world, { database: immudb.database });
    expect(await pruneBatch(pruning.deps, tenantId)).toMatchObject({ state: 'pruned', count: 6 });
    const keys = [...(await textKeys(world.database, tenantId)).values()];
    expect([keysBefore.size, keys.length]).toEqual([2, 1]);
    await using reader = openReader(immudb);
    const leaves = await pruning.store
      .forTenant(tenantId)
      .transaction((tx) => sealedLeaves(tx, tenantId, [1, 2, 3, 4, 5, 6, 7]));
    for (const [sequence, leaf] of leaves) {
      const { value } = await provedValue(reader, tenantId, sequence);
      expect(value.subarray(0, 32)).toEqual(leaf);
      expect(leaf).toEqual(Buffer.from(leafHash(Buffer.from(texts[sequence - 1] ?? ''))));
      const opened = keys.flatMap((key) => textOf(value, key));
      expect(opened).toEqual(sequence <= 6 ? [] : [texts[6]]);
    }
    const lost = present(keysBefore.get('access 2020-01'), 'the key that was there');
    expect(textOf((await provedValue(reader, tenantId, 1)).value, lost)).toEqual([texts[0]]);
  });

  it('is the leaf hash alone where the log is copied anew', async () => {
    const [immudb, later] = [await createTestImmudb(), await createTestImmudb()];
    await using world = await createAuditWorld();
    await using _audit = await world.start();
    const tenantId = await copiedLog(world, immudb);
    await using pruning = ownPruning(world, { database: immudb.database });
    await pruneBatch(pruning.deps, tenantId);
    const { length } = await world.entries(tenantId);
    expect(length).toBe(5);
    await using _copy = startTestCopy(world, later);
    await copied(world, tenantId, 11);
    await using reader = openReader(later);
    const leaves = await pruning.store
      .forTenant(tenantId)
      .transaction((tx) => sealedLeaves(tx, tenantId, [1, 6]));
    for (const [sequence, leaf] of leaves)
      expect((await provedValue(reader, tenantId, sequence)).value).toEqual(leaf);
    expect((await provedValue(reader, tenantId, 7)).value.length).toBeGreaterThan(48);
  });
});

function textOf(value: Buffer, key: Buffer): string[] {
  try {
    return [openedText(value, key)];
  } catch {
    return [];
  }
}
