import { randomUUID } from 'node:crypto';
import { ROUTES } from '@ironforge/contracts';
import { present, type TenantId } from '@ironforge/kernel';
import { waitUntil } from '@ironforge/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Audit } from '../app.ts';
import {
  type AuditWorld,
  createAuditWorld,
  loginFailed,
  newTenant,
  walletUpdated,
} from '../audit.fixture.ts';
import { takeRetentionTurn } from '../queries/audit-retentions.ts';
import { insertHold } from '../queries/legal-holds.ts';
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
const READ_COMMITTED = { isolation: 'read committed' } as const;

let world: AuditWorld;
let audit: Audit;

beforeAll(async () => {
  world = await createAuditWorld();
  audit = await world.start();
});

afterAll(() => world[Symbol.asyncDispose]());

/** Two sign-ins of this subject, two of others, and a change of a wallet: all of one month long ago. */
async function agedLog(subject: string): Promise<TenantId> {
  const tenantId = newTenant();
  const signIns = [loginFailed(tenantId, subject), loginFailed(tenantId, subject), loginFailed(tenantId)];
  const others = [loginFailed(tenantId), walletUpdated(tenantId, subject, 1)];
  await world.publish([...signIns, ...others].map(longAgo));
  await world.numbered(tenantId, 5);
  await ageEntries(world.database, tenantId, { sequences: [1, 2, 3, 4, 5], at: OLD });
  return tenantId;
}

const holdOf = (scope: object) => ({
  id: randomUUID(),
  name: 'Case 7',
  reason: 'the court asks',
  scope,
  placed_at: new Date(),
  released_at: null,
  release_reason: null,
});

describe('a legal hold', () => {
  it('keeps the month of what it covers, whatever the retention, until it is released; each is an entry', async () => {
    const subject = randomUUID();
    const tenantId = await agedLog(subject);
    const { send, certified } = complianceOf(world, audit, tenantId);
    const body = {
      name: 'Case 7',
      reason: 'the court asks',
      scope: { resourceId: subject, category: 'access' },
    };
    const placed = await send('POST', '/v1/audit/holds', body);
    const hold = ROUTES.placeLegalHold.reply.parse(placed.body);
    expect([placed.status, hold]).toMatchObject([201, { ...body, releasedAt: null }]);
    await send('PUT', '/v1/audit/retention', retentionOf({ access: 30, transfers: 30 }));
    const [other] = await certified(1);
    expect(other).toMatchObject({ category: 'transfers', count: 1, holds: [hold.id] });
    expect(await numbersLeft(world.database, tenantId)).toHaveLength(4);
    const path = `/v1/audit/holds/${hold.id}/release`;
    const released = await send('POST', path, { reason: 'settled' });
    expect(released).toMatchObject({ status: 200, body: { id: hold.id, releaseReason: 'settled' } });
    expect((await certified(2))[1]).toMatchObject({ category: 'access', count: 4, holds: [] });
    expect(await numbersLeft(world.database, tenantId)).toEqual([]);
    expect(await send('POST', path, { reason: 'again' })).toMatchObject({ status: 409 });
    const list = ROUTES.listLegalHolds.reply.parse((await send('GET', '/v1/audit/holds')).body);
    expect(list.data).toEqual([released.body]);
    const told = ROUTES.listAuditEntries.reply.parse(
      (await send('GET', '/v1/audit/entries?resourceType=legal_hold')).body,
    );
    expect(told.data.map(({ type, resourceId, details }) => ({ type, resourceId, details }))).toEqual([
      { type: 'legal_hold_placed', resourceId: hold.id, details: body },
      { type: 'legal_hold_released', resourceId: hold.id, details: { reason: 'settled' } },
    ]);
  });

  it.each([
    ['everything', () => ({})],
    ['a category', () => ({ category: 'access' })],
    ['a resource', (subject: string) => ({ resourceType: 'user', resourceId: subject })],
    ['a time', () => ({ from: '2020-01-01T00:00:00Z' })],
  ])('on %s keeps what fits', async (_what, scopeOf) => {
    const subject = randomUUID();
    const tenantId = await agedLog(subject);
    await keepFor(world.database, tenantId, { access: 30 });
    await using pruning = ownPruning(world);
    const scope = pruning.store.forTenant(tenantId);
    await scope.transaction((tx) => insertHold(tx, tenantId, holdOf(scopeOf(subject))));
    expect(await pruneBatch(pruning.deps, tenantId)).toEqual({ state: 'nothing_left' });
  });

  it.each([
    ['another category', { category: 'rules' }],
    ['another resource', { resourceId: 'another' }],
    ['another kind of resource', { resourceType: 'policy' }],
    ['another person', { actorId: 'nobody' }],
    ['an earlier time', { to: '2019-01-01T00:00:00Z' }],
    ['a later time', { from: '2100-01-01T00:00:00Z' }],
  ])('on %s keeps nothing', async (_what, scope) => {
    const tenantId = await agedLog(randomUUID());
    await keepFor(world.database, tenantId, { access: 30 });
    await using pruning = ownPruning(world);
    await pruning.store.forTenant(tenantId).transaction((tx) => insertHold(tx, tenantId, holdOf(scope)));
    expect(await pruneBatch(pruning.deps, tenantId)).toMatchObject({ state: 'pruned', count: 4 });
  });

  it('wins when it is placed while entries are about to be pruned', async () => {
    const tenantId = await agedLog(randomUUID());
    await keepFor(world.database, tenantId, { access: 30 });
    await using pruning = ownPruning(world);
    const [placed, letGo] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const placing = pruning.store.forTenant(tenantId).transaction(async (tx) => {
      await takeRetentionTurn(tx, tenantId);
      await insertHold(tx, tenantId, holdOf({}));
      placed.resolve();
      await letGo.promise;
    }, READ_COMMITTED);
    await placed.promise;
    const pruned = pruneBatch(pruning.deps, tenantId);
    await waitUntil('the pruning to wait', async () => (await waitingForLocks()) > 0);
    letGo.resolve();
    await placing;
    expect(await pruned).toEqual({ state: 'nothing_left' });
    expect(await numbersLeft(world.database, tenantId)).toHaveLength(5);
  });

  it('placed between two batches keeps the rest', async () => {
    const tenantId = await agedLog(randomUUID());
    await keepFor(world.database, tenantId, { access: 30 });
    await using pruning = ownPruning(world, { batchSize: 3 });
    expect(await pruneBatch(pruning.deps, tenantId)).toMatchObject({ state: 'pruned', count: 3 });
    const { send } = complianceOf(world, audit, tenantId);
    await send('POST', '/v1/audit/holds', { name: 'Case 8', reason: 'late', scope: {} });
    expect(await pruneBatch(pruning.deps, tenantId)).toEqual({ state: 'nothing_left' });
    expect(await numbersLeft(world.database, tenantId)).toHaveLength(2);
  });

  it('keeps everything when its scope cannot be read', async () => {
    const tenantId = await agedLog(randomUUID());
    await keepFor(world.database, tenantId, { access: 30 });
    await using pruning = ownPruning(world);
    const scope = pruning.store.forTenant(tenantId);
    await scope.transaction((tx) => insertHold(tx, tenantId, holdOf({ colour: 'red' })));
    await expect(pruneBatch(pruning.deps, tenantId)).rejects.toThrow('colour');
    expect(await numbersLeft(world.database, tenantId)).toHaveLength(5);
  });

  it('of another tenant is not found', async () => {
    const { send } = complianceOf(world, audit, newTenant());
    const placed = await send('POST', '/v1/audit/holds', { name: 'Case 9', reason: 'x', scope: {} });
    const { id } = ROUTES.placeLegalHold.reply.parse(placed.body);
    const stranger = complianceOf(world, audit, newTenant());
    const answer = await stranger.send('POST', `/v1/audit/holds/${id}/release`, { reason: 'mine' });
    expect(answer.status).toBe(404);
  });
});

async function waitingForLocks(): Promise<number> {
  const [row] = await world.database.query(
    `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  );
  return Number(present(row, 'a count')['count']);
}
