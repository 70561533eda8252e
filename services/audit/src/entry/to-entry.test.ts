import { randomUUID } from 'node:crypto';
import { parseEvent } from '@ironforge/service-kit';
import { describe, expect, it } from 'vitest';
import { loginFailed, newTenant, walletUpdated } from '../audit.fixture.ts';
import { toEntry } from './to-entry.ts';

const tenantId = newTenant();

function entryOf(body: object) {
  const event = parseEvent(body);
  if ('malformed' in event) throw new Error(event.malformed);
  return toEntry(event, () => 'an-id');
}

it('takes who, what, when and where from the event, and all of its data as details', () => {
  const walletId = randomUUID();
  const { id, body } = walletUpdated(tenantId, walletId, 3);
  expect(entryOf(body)).toMatchObject({
    id: 'an-id',
    tenantId,
    eventId: id,
    aggregate: `wallet:${walletId}`,
    aggregateVersion: 3,
    type: 'wallet_updated',
    resourceType: 'wallet',
    resourceId: walletId,
    action: 'update',
    status: 'success',
    actorType: 'user',
    whereabouts: { clientIp: '192.0.2.7', userAgent: 'a browser' },
    chainId: 'eip155:31337',
    txHash: null,
    details: { wallet: { id: walletId, name: 'wallet at version 3' } },
  });
});

it('lets an event outside an aggregate stand alone, and names its subject when the data names nobody', () => {
  const { id, body } = loginFailed(tenantId, 'somebody');
  expect(entryOf(body)).toMatchObject({
    aggregate: id,
    aggregateVersion: 0,
    type: 'login_failed',
    resourceId: 'somebody',
    status: 'failure',
  });
});

describe('by what somebody was allowed', () => {
  const policyid = randomUUID();
  const policy = { id: policyid, version: 3 };
  it.each([
    ['the roles that he had', { actorroles: 'approver,compliance' }, ['approver', 'compliance'], null],
    ['the version of the policy that decided', { policyid, policyversion: 3 }, [], policy],
    ['both', { actorroles: 'approver', policyid, policyversion: 3 }, ['approver'], policy],
  ])('tells %s', (_what, said, roles, decided) => {
    const { body } = walletUpdated(tenantId, randomUUID(), 1);
    expect(entryOf({ ...body, ...said })).toMatchObject({ authority: { roles, policy: decided } });
  });

  it('tells nothing where the event says nothing, as those from before did', () => {
    const { body } = walletUpdated(tenantId, randomUUID(), 1);
    expect(entryOf(body)).toMatchObject({ authority: null });
  });
});

it('makes no entry of what the watcher says', () => {
  const { body } = loginFailed(tenantId);
  const data = { requestId: randomUUID(), attemptId: randomUUID(), txHash: `0x${'0'.repeat(64)}`, height: 1 };
  expect(entryOf({ ...body, type: 'chain.tx_accepted', data })).toBeNull();
});
