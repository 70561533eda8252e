import { randomUUID } from 'node:crypto';
import type { OutgoingMessage } from '@ironforge/bus';
import type { TenantId } from '@ironforge/kernel';
import { waitUntil } from '@ironforge/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Audit } from '../app.ts';
import { type AuditWorld, createAuditWorld, loginFailed, newTenant } from '../audit.fixture.ts';
import { putOwnLeaf } from '../seal/stored-leaf.fixture.ts';
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

let world: AuditWorld;
let audit: Audit;

beforeAll(async () => {
  world = await createAuditWorld();
  audit = await world.start();
});

afterAll(() => world[Symbol.asyncDispose]());

const HELD = randomUUID();

/** Three sign-ins of one person. */
async function logOf(made: (event: OutgoingMessage) => OutgoingMessage): Promise<TenantId> {
  const tenantId = newTenant();
  await world.publish(Array.from({ length: 3 }, () => made(loginFailed(tenantId, HELD))));
  await world.numbered(tenantId, 3);
  return tenantId;
}

/** They came in when they happened, long ago. */
async function agedLog(): Promise<TenantId> {
  const tenantId = await logOf(longAgo);
  await ageEntries(world.database, tenantId, { sequences: [1, 2, 3], at: '2020-01-15T00:00:00Z' });
  return tenantId;
}

async function setOf(tenantId: TenantId, column: string, value: string): Promise<void> {
  await world.database.query(
    `UPDATE audit_entries SET ${column} = $2 WHERE tenant_id = $1 AND sequence = 2`,
    [tenantId, value],
  );
}

/** Nothing is pruned, by hand and by the service, and the service says why. */
async function expectRefused(tenantId: TenantId, days: Readonly<Record<string, number>>): Promise<void> {
  const sequence = 2;
  await keepFor(world.database, tenantId, days);
  await using pruning = ownPruning(world);
  expect(await pruneBatch(pruning.deps, tenantId)).toEqual({ state: 'altered', sequence });
  const { send } = complianceOf(world, audit, tenantId);
  await send('PUT', '/v1/audit/retention', retentionOf(days));
  const alert = await waitUntil('the alert', () =>
    world.log.lines.find(
      ({ fields }) => fields['alert'] === 'audit_pruning_refused' && fields['tenantId'] === tenantId,
    ),
  );
  expect(alert.fields).toMatchObject({ sequence });
  expect(await numbersLeft(world.database, tenantId)).toEqual([1, 2, 3]);
}

describe('an entry that somebody made due in SQL', () => {
  it('by an earlier time in its text and in the leaf of the tree is not pruned: the signed root tells', async () => {
    const tenantId = await agedLog();
    const [row] = await world.database.query(
      'SELECT canonical FROM audit_entries WHERE tenant_id = $1 AND sequence = 2',
      [tenantId],
    );
    await setOf(tenantId, 'canonical', String(row?.['canonical']).replace('"failure"', '"success"'));
    await putOwnLeaf(world.database, tenantId, 2);
    await keepFor(world.database, tenantId, { access: 30 });
    await using pruning = ownPruning(world);
    // The tile counts no more, and with it none of its entries.
    expect(await pruneBatch(pruning.deps, tenantId)).toEqual({ state: 'altered', sequence: 1 });
    expect(await numbersLeft(world.database, tenantId)).toEqual([1, 2, 3]);
  });

  it('by an earlier time of its coming in is not pruned: it had not happened by then', async () => {
    const tenantId = await logOf((event) => event);
    await setOf(tenantId, 'created_at', '2020-01-15T00:00:00Z');
    await expectRefused(tenantId, { access: 30 });
  });

  it('by the type of another category is not pruned', async () => {
    const tenantId = await agedLog();
    await setOf(tenantId, 'type', 'wallet_updated');
    await expectRefused(tenantId, { transfers: 30 });
  });

  it.each([
    ['resource', { resourceId: HELD }, 'resource_id', 'another'],
    ['kind of resource', { resourceType: 'user' }, 'resource_type', 'policy'],
    ['time', { to: '2020-02-01T00:00:00Z' }, 'occurred_at', '2020-03-01T00:00:00Z'],
  ])('by another %s than the one that is held is not pruned', async (_what, scope, column, value) => {
    const tenantId = await agedLog();
    const { send } = complianceOf(world, audit, tenantId);
    await send('POST', '/v1/audit/holds', { name: 'Case 7', reason: 'the court asks', scope });
    await ageEntries(world.database, tenantId, { sequences: [1, 3], at: new Date().toISOString() });
    await setOf(tenantId, column, value);
    await expectRefused(tenantId, { access: 30 });
  });
});
