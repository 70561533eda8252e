import { randomUUID } from 'node:crypto';
import type { TenantId } from '@ironforge/kernel';
import { waitUntil } from '@ironforge/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Audit } from '../app.ts';
import { type AuditWorld, createAuditWorld, loginFailed, newTenant } from '../audit.fixture.ts';
import {
  ageEntries,
  complianceOf,
  keepFor,
  longAgo,
  numbersLeft,
  ownPruning,
  retentionOf,
} from './keep.fixture.ts';
import { pruneBatch } from './prune-batch.ts';

const OLD = '2020-01-15T00:00:00Z';

let world: AuditWorld;
let audit: Audit;

beforeAll(async () => {
  world = await createAuditWorld();
  audit = await world.start();
});

afterAll(() => world[Symbol.asyncDispose]());

async function agedLog(count: number, at = OLD): Promise<TenantId> {
  const tenantId = newTenant();
  await world.publish(Array.from({ length: count }, () => longAgo(loginFailed(tenantId))));
  await world.numbered(tenantId, count);
  const sequences = Array.from({ length: count }, (_, n) => n + 1);
  await ageEntries(world.database, tenantId, { sequences, at });
  await keepFor(world.database, tenantId, { access: 30, audit: 30 });
  return tenantId;
}

describe('pruning', () => {
  it('goes in batches, each with its certificate; the last one says that the month is gone', async () => {
    const tenantId = await agedLog(8);
    await using pruning = ownPruning(world, { batchSize: 3 });
    const counts = [];
    for (;;) {
      const result = await pruneBatch(pruning.deps, tenantId);
      if (result.state !== 'pruned') break;
      counts.push(result.count);
    }
    expect(counts).toEqual([3, 3, 2]);
    await world.publish([loginFailed(tenantId)]);
    const certificates = await complianceOf(world, audit, tenantId).certified(3);
    expect(certificates.map(({ ranges, isMonthGone }) => [ranges, isMonthGone])).toEqual([
      [[[1, 3]], false],
      [[[4, 6]], false],
      [[[7, 8]], true],
    ]);
  });

  it('by two processes at once takes each entry once', async () => {
    const tenantId = await agedLog(20);
    await using one = ownPruning(world, { batchSize: 4 });
    await using other = ownPruning(world, { batchSize: 4 });
    const all = await Promise.all(
      [one, other, one, other, one, other].map(({ deps }) => pruneBatch(deps, tenantId)),
    );
    expect(all.filter(({ state }) => state === 'pruned')).toHaveLength(5);
    expect(await numbersLeft(world.database, tenantId)).toEqual([]);
  });

  it('leaves what is as young as the retention, and the month that is not over', async () => {
    const young = new Date(Date.now() - 29 * 86_400_000).toISOString();
    const tenantId = await agedLog(3, young);
    await using pruning = ownPruning(world);
    expect(await pruneBatch(pruning.deps, tenantId)).toEqual({ state: 'nothing_left' });
  });

  it('leaves what proves prunings and holds, for ever', async () => {
    const tenantId = await agedLog(1);
    const compliance = complianceOf(world, audit, tenantId);
    await compliance.send('POST', '/v1/audit/holds', {
      name: 'x',
      reason: 'x',
      scope: { actorId: 'nobody' },
    });
    await compliance.send('PUT', '/v1/audit/retention', retentionOf({ access: 30, audit: 30 }));
    await compliance.certified(1);
    await ageEntries(world.database, tenantId, { sequences: [2, 3, 4], at: OLD });
    await using pruning = ownPruning(world);
    expect(await pruneBatch(pruning.deps, tenantId)).toEqual({ state: 'nothing_left' });
  });

  it('leaves what is not in the second copy yet', async () => {
    const tenantId = await agedLog(5);
    const copy = `INSERT INTO audit_copies (tenant_id, database, size, tx_id, tx_hash) VALUES ($1, 'ledger', 2, 1, $2)`;
    await world.database.query(copy, [tenantId, '0'.repeat(64)]);
    await using pruning = ownPruning(world, { database: 'ledger' });
    expect(await pruneBatch(pruning.deps, tenantId)).toMatchObject({ state: 'pruned', count: 2 });
    expect(await pruneBatch(pruning.deps, tenantId)).toEqual({ state: 'nothing_left' });
    expect(await numbersLeft(world.database, tenantId)).toEqual([3, 4, 5]);
  });

  it('stops before an entry that is not what was sealed, which is evidence, and raises the alert', async () => {
    const tenantId = await agedLog(5);
    await world.database.query(
      `UPDATE audit_entries SET canonical = replace(canonical, '"failure"', '"success"') WHERE tenant_id = $1 AND sequence = 4`,
      [tenantId],
    );
    await using pruning = ownPruning(world);
    expect(await pruneBatch(pruning.deps, tenantId)).toEqual({ state: 'altered', sequence: 4 });
    expect(await numbersLeft(world.database, tenantId)).toHaveLength(5);
    const compliance = complianceOf(world, audit, tenantId);
    await compliance.send('PUT', '/v1/audit/retention', retentionOf({ access: 30 }));
    const alert = await waitUntil('the alert', () =>
      world.log.lines.find(({ fields }) => fields['alert'] === 'audit_pruning_refused'),
    );
    expect(alert.fields).toMatchObject({ tenantId, sequence: 4 });
  });

  it('leaves an entry that waits for its number, and with it the key of its month', async () => {
    const tenantId = await agedLog(2);
    const key = `INSERT INTO audit_copy_keys (tenant_id, category, month, wrapped) VALUES ($1, 'access', '2020-01', $2)`;
    await world.database.query(key, [tenantId, Buffer.alloc(60)]);
    await world.database.query(
      `INSERT INTO audit_entries (id, tenant_id, event_id, aggregate, aggregate_version, type, resource_type, resource_id,
         action, status, actor_type, actor_id, occurred_at, details, created_at)
       VALUES ($2, $1, $3, 'held', 2, 'login_failed', 'user', 'x', 'login', 'failure', 'user', 'x', now(), '{}', $4)`,
      [tenantId, randomUUID(), randomUUID(), OLD],
    );
    await using pruning = ownPruning(world);
    expect(await pruneBatch(pruning.deps, tenantId)).toMatchObject({ state: 'pruned', count: 2 });
    const keys = () => world.database.query('SELECT 1 FROM audit_copy_keys WHERE tenant_id = $1', [tenantId]);
    expect(await keys()).toHaveLength(1);
  });
});
