import fc from 'fast-check';
import { parseJson } from '@ironforge/kernel';
import { describe, expect, it } from 'vitest';
import { ocsfOf } from './ocsf.ts';
import { failedSignIn, hostileEntry } from './said-entry.fixture.ts';
import { z } from 'zod';

const Event = z.record(z.string(), z.unknown());

/** What OCSF 1.3.0 requires of every event, and of the two classes beyond that. */
const BASE = ['activity_id', 'category_uid', 'class_uid', 'metadata', 'severity_id', 'time', 'type_uid'];
const OF_CLASS = new Map([
  [3002, [...BASE, 'user', 'service']],
  [6003, [...BASE, 'actor', 'api', 'src_endpoint']],
]);

const payment = { ...failedSignIn, type: 'tx_request_created', action: 'create', status: 'success' as const };

describe('ocsfOf', () => {
  it('tells a sign-in as Authentication', () => {
    expect(parseJson(ocsfOf(failedSignIn, 'the text'))).toMatchObject({
      class_uid: 3002,
      category_uid: 3,
      activity_id: 1,
      type_uid: 300_201,
      severity_id: 3,
      status_id: 2,
      time: 1_772_366_400_123,
      user: { uid: failedSignIn.actor.id },
      metadata: {
        version: '1.3.0',
        product: { vendor_name: 'IronForge' },
        uid: failedSignIn.id,
        sequence: 17,
        tenant_uid: failedSignIn.tenantId,
      },
      raw_data: 'the text',
    });
  });

  it.each([
    ['create', 1, 600_301],
    ['read', 2, 600_302],
    ['update', 3, 600_303],
    ['delete', 4, 600_304],
    ['approve', 99, 600_399],
    ['constructor', 99, 600_399],
  ])('tells everything else as API Activity: %s', (action, activity_id, type_uid) => {
    expect(parseJson(ocsfOf({ ...payment, action }, ''))).toMatchObject({
      class_uid: 6003,
      category_uid: 6,
      activity_id,
      type_uid,
      status_id: 1,
      actor: { user: { uid: payment.actor.id } },
      api: { operation: 'tx_request_created' },
      resources: [{ uid: 'somebody', type: 'session' }],
    });
  });

  it('has what its class requires, on one line, whatever somebody typed', () => {
    fc.assert(
      fc.property(hostileEntry, fc.boolean(), (entry, isSignIn) => {
        const line = ocsfOf(isSignIn ? { ...entry, type: 'login_success' } : entry, 'x\ny');
        expect(line).not.toMatch(/[\n\r]/);
        const event = new Map(Object.entries(Event.parse(parseJson(line))));
        const required = OF_CLASS.get(Number(event.get('class_uid'))) ?? ['a class'];
        for (const name of required) expect(event.get(name)).toBeDefined();
        expect(event.get('type_uid')).toBe(
          Number(event.get('class_uid')) * 100 + Number(event.get('activity_id')),
        );
      }),
    );
  });
});
