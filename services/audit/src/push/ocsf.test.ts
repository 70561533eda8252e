import fc from 'fast-check';
import { parseJson } from '@ironforge/kernel';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ENTRY_KINDS } from '../entry/entry-kinds.ts';
import { OWN_KINDS } from '../entry/own-kinds.ts';
import { ocsfOf } from './ocsf.ts';
import { ocsfApiActivity, ocsfAuthentication } from './ocsf-schema.fixture.ts';
import { failedSignIn, hostileEntry } from './said-entry.fixture.ts';
import type { SaidEntry } from './said-entry.ts';

const Ocsf = z.union([ocsfAuthentication, ocsfApiActivity]);

const human = { type: 'user', id: failedSignIn.resourceId };
const payment: SaidEntry = {
  ...failedSignIn,
  type: 'tx_request_created',
  action: 'create',
  status: 'success',
  resourceType: 'tx_request',
  actor: human,
};

describe('ocsfOf', () => {
  it.each([
    ['login_success', 1],
    ['login_failed', 1],
    ['session_logged_out', 2],
  ])('tells %s as Authentication of the one whose account it is', (type, activity_id) => {
    expect(ocsfAuthentication.parse(parseJson(ocsfOf({ ...failedSignIn, type }, 'the text')))).toMatchObject({
      activity_id,
      type_uid: 300_200 + activity_id,
      severity_id: 3,
      status_id: 2,
      time: 1_772_366_400_123,
      user: { uid: failedSignIn.resourceId },
      metadata: { uid: failedSignIn.id, sequence: 17, tenant_uid: failedSignIn.tenantId },
      raw_data: 'the text',
    });
  });

  it.each([
    ['create', 1],
    ['read', 2],
    ['update', 3],
    ['delete', 4],
    ['approve', 99],
    ['constructor', 99],
  ])('tells everything else as API Activity: %s', (action, activity_id) => {
    expect(ocsfApiActivity.parse(parseJson(ocsfOf({ ...payment, action }, '')))).toMatchObject({
      activity_id,
      type_uid: 600_300 + activity_id,
      status_id: 1,
      actor: { user: { uid: human.id } },
      api: { operation: 'tx_request_created' },
      resources: [{ uid: payment.resourceId, type: 'tx_request' }],
    });
  });

  it('tells the roles as groups of the user, and the policy as what he was authorized by', () => {
    const authority = { roles: ['admin', 'approver'], policy: { id: 'the-policy', version: 3 } };
    expect(ocsfApiActivity.parse(parseJson(ocsfOf({ ...payment, authority }, ''))).actor).toEqual({
      user: { uid: human.id, type: 'user', groups: [{ name: 'admin' }, { name: 'approver' }] },
      authorizations: [{ policy: { uid: 'the-policy', version: '3' } }],
    });
  });

  it('tells the policy by which a service acted', () => {
    const authority = { roles: [], policy: { id: 'the-policy', version: 3 } };
    const actor = { type: 'service', id: 'tx-orchestrator' };
    expect(ocsfApiActivity.parse(parseJson(ocsfOf({ ...payment, actor, authority }, ''))).actor).toEqual({
      app_name: 'tx-orchestrator',
      authorizations: [{ policy: { uid: 'the-policy', version: '3' } }],
    });
  });

  it('is by the schema for every kind of entry, whoever acted', () => {
    const told = Object.values(ENTRY_KINDS).filter((kind) => kind !== null);
    const own = Object.entries(OWN_KINDS).map(([type, kind]) => ({
      type,
      status: 'success' as const,
      ...kind,
    }));
    for (const { type, resourceType, action, status } of [...told, ...own])
      for (const actor of ['user', 'api_key', 'service', 'chain'].map((of) => ({ type: of, id: 'x' }))) {
        const entry = { ...payment, type, resourceType, action, status, actor, requestId: 'y' };
        const { error } = Ocsf.safeParse(parseJson(ocsfOf(entry, 'the text')));
        expect({ type, error }).toEqual({ type, error: undefined });
      }
  });

  it('leaves a text out that is longer than the schema permits', () => {
    const longest = 'é'.repeat(32_767);
    expect(Ocsf.parse(parseJson(ocsfOf(payment, longest))).raw_data).toBe(longest);
    expect(Ocsf.parse(parseJson(ocsfOf(payment, `${longest}éé`))).raw_data).toBeUndefined();
  });

  it('is by the schema, and one line, whatever somebody typed', () => {
    fc.assert(
      fc.property(hostileEntry, fc.constantFrom('login_success', 'constructor', 'x'), (entry, type) => {
        const line = ocsfOf({ ...entry, type }, 'x\ny');
        expect(line).not.toMatch(/[\n\r]/);
        expect(Ocsf.safeParse(parseJson(line)).error).toBeUndefined();
      }),
    );
  });
});
