import { entryKey } from '@ironforge/audit-log';
import type { TenantId } from '@ironforge/kernel';
import {
  createFaultProxy,
  createTestImmudb,
  type FaultProxy,
  hasImmudb,
  type TestImmudb,
  waitUntil,
} from '@ironforge/testing';
import { describe, expect, it } from 'vitest';
import { type AuditWorld, createAuditWorld, newTenant } from '../audit.fixture.ts';
import { copied, copiesOf, expectWholeCopy, openReader, sealMore, startTestCopy } from './copy.fixture.ts';

interface Spoiling {
  readonly world: AuditWorld;
  readonly immudb: TestImmudb;
  readonly tenantId: TenantId;
}

const changeText = ({ world, tenantId }: Spoiling) =>
  world.database.query(`UPDATE audit_entries SET canonical = '{}' WHERE tenant_id = $1 AND sequence = 2`, [
    tenantId,
  ]);

const loseTile = ({ world, tenantId }: Spoiling) =>
  world.database.query('DELETE FROM audit_tiles WHERE tenant_id = $1', [tenantId]);

const spoilKey = ({ world, tenantId }: Spoiling) =>
  world.database.query(
    `INSERT INTO audit_copy_keys (tenant_id, category, month, wrapped) VALUES ($1, 'access', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM'), $2)`,
    [tenantId, Buffer.alloc(60)],
  );

async function occupyKey({ immudb, tenantId }: Spoiling) {
  await using stranger = openReader(immudb);
  await stranger.setBatch([{ key: Buffer.from(entryKey(tenantId, 1n)), value: Buffer.from('another') }]);
}

describe.skipIf(!hasImmudb())('the trouble of one tenant', () => {
  it.each([
    ['a text that was changed', 'audit_copy_altered', changeText],
    ['a tile that is gone', 'audit_copy_failed', loseTile],
    ['a key that does not open', 'audit_copy_failed', spoilKey],
    ['a key of immudb that holds something else', 'audit_copy_refused', occupyKey],
  ])('%s stops the copy of no other, and is told once', async (_what, alert, spoil) => {
    const immudb = await createTestImmudb();
    await using world = await createAuditWorld();
    await world.start();
    const [first, tenantId, last] = [newTenant(), newTenant(), newTenant()];
    for (const tenant of [first, tenantId, last]) await sealMore(world, tenant, 3);
    await spoil({ world, immudb, tenantId });
    await using copy = startTestCopy(world, immudb);
    const told = () => copy.log.lines.filter(({ level }) => level === 'error');
    await waitUntil('the alert', () => told().length > 0);
    for (const tenant of [first, last]) {
      await copied(world, tenant, 3);
      await sealMore(world, tenant, 2);
      await copied(world, tenant, 5);
      await expectWholeCopy(world, immudb, tenant);
    }
    expect(await copiesOf(world.database, tenantId)).toEqual([]);
    const alerts = told().filter(({ fields }) => fields['alert'] !== 'audit_copy_behind');
    expect(alerts).toMatchObject([{ fields: { alert, tenantId } }]);
    expect(await copy.metric('audit_copy_tenants_refused')).toBe(1);
  });

  it('is not what a lost answer to COMMIT is: the next round copies on, and nobody is called', async () => {
    const immudb = await createTestImmudb();
    await using world = await createAuditWorld();
    await world.start();
    const tenantId = newTenant();
    await sealMore(world, tenantId, 3);
    await using line = await createFaultProxy(world.database.url);
    const lost = loseOneAnswer(line);
    await using copy = startTestCopy({ database: { url: line.urlFor(world.database.url) } }, immudb);
    await copied(world, tenantId, 3);
    expect(lost()).toBe(true);
    expect(copy.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

/** The first transaction that notes how far immudb was proved gets no answer to its COMMIT; whether it came to that. */
function loseOneAnswer(line: FaultProxy): () => boolean {
  let noting: object | null = null;
  let isCommitted = false;
  line.onRequest((chunk, connection) => {
    if (connection === noting && chunk.includes('COMMIT')) isCommitted = true;
    if (noting === null && /INSERT INTO immudb_states/.test(chunk.toString('latin1'))) noting = connection;
    return 'pass';
  });
  line.onAnswer((_chunk, connection) => (isCommitted && connection === noting ? 'reset' : 'pass'));
  return () => isCommitted;
}
