import { termsOf } from '@ironforge/audit-log';
import { expect, it } from 'vitest';
import { checkColumns } from './check-columns.ts';
import type { EntryRow } from './log-reader.ts';

const authority = { policy: { id: 'a-policy', version: 3 }, roles: ['approver'] };
const said = {
  version: 1,
  id: 'an-entry',
  tenantId: 'a-tenant',
  sequence: 3,
  eventId: 'an-event',
  type: 'approval_granted',
  resourceType: 'tx_request',
  resourceId: 'a-request',
  action: 'approve',
  status: 'success',
  actor: { type: 'user', id: 'somebody' },
  requestId: null,
  chainId: null,
  txHash: null,
  occurredAt: '2026-03-01T12:00:00.123Z',
  details: {},
  personal: null,
};

function rowOf(text: object, stored: unknown): EntryRow {
  return {
    id: said.id,
    tenant_id: said.tenantId,
    sequence: said.sequence,
    event_id: said.eventId,
    aggregate: 'tx_request:a-request',
    aggregate_version: 3,
    type: said.type,
    resource_type: said.resourceType,
    resource_id: said.resourceId,
    action: said.action,
    status: said.status,
    actor_type: said.actor.type,
    actor_id: said.actor.id,
    authority: stored,
    request_id: null,
    chain_id: null,
    tx_hash: null,
    occurred_at: new Date(said.occurredAt),
    details: {},
    personal: null,
    canonical: JSON.stringify(text),
    search_terms: termsOf({ ...text }),
  };
}

it.each([
  ['an entry tells by what its actor was allowed', { ...said, authority }, authority],
  ['nothing is known of that', { ...said, authority: null }, null],
  ['it is from before that was told', said, null],
  ['it tells whose version it is', { ...said, aggregate: { id: 'tx_request:a-request', version: 3 } }, null],
])('says nothing where %s, in text and column', (_what, text, stored) => {
  expect(checkColumns(rowOf(text, stored))).toEqual([]);
});

it.each([
  ['another role', { ...said, authority }, { ...authority, roles: ['admin'] }],
  ['another version', { ...said, authority }, { ...authority, policy: { id: 'a-policy', version: 4 } }],
  ['nothing where the text says something', { ...said, authority }, null],
  ['something where the text says nothing', said, authority],
  ['another version than it tells', { ...said, aggregate: { id: 'tx_request:a-request', version: 2 } }, null],
  ['a version where it stands alone', { ...said, aggregate: null }, null],
])('names the entry whose column says %s', (_what, text, stored) => {
  expect(checkColumns(rowOf(text, stored))).toMatchObject([{ subject: 'entry 3' }]);
});
