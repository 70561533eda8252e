import { createGrpcProxy, createTestImmudb, hasImmudb } from '@ironforge/testing';
import { describe, expect, it } from 'vitest';
import { type AuditWorld, createAuditWorld, loginFailed, newTenant } from '../audit.fixture.ts';
import { copied, copiesOf, expectWholeCopy, openReader, sealMore, transactionCount } from './copy.fixture.ts';

describe.skipIf(!hasImmudb())('two audit services with one immudb', () => {
  it('copy 300 entries of two tenants in their order, each batch once and by one transaction', async ({
    annotate,
  }) => {
    const immudb = await createTestImmudb();
    await using world = await createAuditWorld(immudb);
    await Promise.all([world.start(), world.start()]);
    const tenants = [newTenant(), newTenant()];
    await Promise.all(tenants.map((tenantId) => sealMore(world, tenantId, 300)));
    for (const tenantId of tenants) {
      await copied(world, tenantId, 300);
      await expectWholeCopy(world, immudb, tenantId);
    }
    await annotate(`lag ${JSON.stringify(await lagOf(world))}`);
    await using reader = openReader(immudb);
    const copies = await Promise.all(tenants.map((tenantId) => copiesOf(world.database, tenantId)));
    expect(await transactionCount(reader)).toBe(copies.flat().length);
  });

  it('take over from one that was killed after immudb had answered and before it was noted, and add what was sealed since', async () => {
    const immudb = await createTestImmudb();
    const calls = ['OpenSession', 'CloseSession', 'CurrentState', 'VerifiableSet', 'VerifiableGet'];
    await using proxy = await createGrpcProxy({
      address: immudb.address,
      service: 'immudb.schema.ImmuService',
      calls: [...calls, 'VerifiableTxById', 'GetAll', 'History'],
    });
    await using world = await createAuditWorld({ ...immudb, address: proxy.address });
    const tenantId = newTenant();
    const victim = world.spawn();
    const killed = Promise.withResolvers<void>();
    proxy.interfere(async (call, real) => {
      const answer = await real();
      if (call !== 'VerifiableSet') return answer;
      await victim.kill();
      killed.resolve();
      return answer;
    });
    await world.publish(Array.from({ length: 60 }, () => loginFailed(tenantId)));
    await killed.promise;
    proxy.interfere(null);
    await using reader = openReader(immudb);
    expect([await transactionCount(reader), await copiesOf(world.database, tenantId)]).toEqual([1, []]);
    await world.start();
    await sealMore(world, tenantId, 20);
    await world.database.query(`UPDATE audit_copiers SET lease_expires_at = now() - interval '1 second'`);
    const copies = await copied(world, tenantId, 80);
    await expectWholeCopy(world, immudb, tenantId);
    expect(await transactionCount(reader)).toBe(copies.length);
  });
});

/** From the seal to the note of the copy, in milliseconds. */
async function lagOf({ database }: AuditWorld) {
  const rows = await database.query(
    `SELECT EXTRACT(EPOCH FROM c.copied_at - p.sealed_at)::FLOAT8 * 1000 AS ms
     FROM audit_copies c JOIN audit_checkpoints p ON p.tenant_id = c.tenant_id AND p.size = c.size ORDER BY ms`,
  );
  const sorted = rows.map(({ ms }) => Math.round(Number(ms)));
  return { batches: sorted.length, median: sorted[Math.floor(sorted.length / 2)], most: sorted.at(-1) };
}
