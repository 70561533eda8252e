import { describe, expect, it } from 'vitest';
import { differences, isOwn } from './told-by-event.ts';

const HASH = `0x${'ab'.repeat(32)}`;
const signed = {
  id: 'e1',
  type: 'tx_request.signed',
  subject: 'r1',
  time: '2026-01-02T03:04:05.678Z',
  tenantid: 't1',
  aggregateversion: 4,
  actortype: 'user',
  actorid: 'u1',
  requestid: 'q1',
  data: { request: { id: 'r1', chainId: 'eip155:31337', txHash: HASH }, details: {} },
};
const entry = { type: 'tx_signed', aggregate: 'tx_request:r1', aggregate_version: 4 };
const sealed = {
  ...{ sequence: 7, eventId: 'e1', tenantId: 't1', type: 'tx_signed', resourceId: 'r1' },
  ...{ actor: { type: 'user', id: 'u1' }, requestId: 'q1', chainId: 'eip155:31337', txHash: HASH },
  ...{ occurredAt: '2026-01-02T03:04:05.678Z', details: signed.data, personal: null },
};
const failed = {
  ...{ ...signed, type: 'session.login_failed', subject: 's1', aggregateversion: 1, clientip: '192.0.2.7' },
  data: { userId: null, reason: 'unknown_account' },
};
const entryOfFailed = { type: 'login_failed', aggregate: 'e1', aggregate_version: 0 };
const sealedOfFailed = {
  ...{ ...sealed, type: 'login_failed', resourceId: 's1', chainId: null, txHash: null },
  ...{ details: failed.data, personal: { subject: 'user:u1', cipher: 'c' } },
};

describe('an entry that tells its event', () => {
  it('differs in nothing, in an aggregate and outside', () => {
    expect(differences(entry, sealed, signed)).toEqual([]);
    expect(differences(entryOfFailed, sealedOfFailed, failed)).toEqual([]);
  });

  it('may have lost the place of somebody who was erased', () => {
    expect(differences(entryOfFailed, { ...sealedOfFailed, personal: null }, failed)).toEqual([]);
  });
});

describe('an entry that tells something else', () => {
  it.each([
    ['type', { type: 'tx_confirmed' }],
    ['resource', { resourceId: 'r2' }],
    ['actor', { actor: { type: 'user', id: 'u2' } }],
    ['actor', { actor: { type: 'service', id: 'u1' } }],
    ['request id', { requestId: null }],
    ['chain', { chainId: null }],
    ['transaction', { txHash: `0x${'cd'.repeat(32)}` }],
    ['time', { occurredAt: '2026-01-02T03:04:05.679Z' }],
    ['details', { details: { ...signed.data, details: { more: 1 } } }],
    ['whereabouts', { personal: { subject: 'user:u1', cipher: 'c' } }],
  ])('is named by its %s: %o', (field, change) => {
    expect(differences(entry, { ...sealed, ...change }, signed)).toEqual([field]);
  });

  it.each([
    ['type', { type: 'tx_confirmed' }],
    ['aggregate', { aggregate: 'tx_request:r2' }],
    ['version', { aggregate_version: 5 }],
  ])('is named by its column %s', (field, change) => {
    expect(differences({ ...entry, ...change }, sealed, signed)).toEqual([field]);
  });

  it('is named when it waits for others though its event stands alone', () => {
    const waits = { ...entryOfFailed, aggregate: 'session:s1', aggregate_version: 1 };
    expect(differences(waits, sealedOfFailed, failed)).toEqual(['aggregate', 'version']);
  });

  it('is named when it speaks of what its event does not know', () => {
    const placed = { resourceId: 's2', chainId: 'eip155:1', txHash: HASH };
    const named = differences(entryOfFailed, { ...sealedOfFailed, ...placed }, failed);
    expect(named).toEqual(['resource', 'chain', 'transaction']);
  });

  it('is named when its text is that of no entry', () => {
    expect(differences(entry, { sequence: 7 }, signed)).toEqual(['everything']);
  });
});

describe('an entry without an event', () => {
  it.each(['audit_signing_key_introduced', 'legal_hold_placed', 'entries_pruned'])('may be a %s', (type) => {
    expect(isOwn(type)).toBe(true);
  });

  it.each(['tx_signed', 'login_failed', 'wallet_updated'])('may not be a %s', (type) => {
    expect(isOwn(type)).toBe(false);
  });
});
