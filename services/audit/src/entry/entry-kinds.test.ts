import { TOPOLOGY } from '@ironforge/bus';
import { EVENTS } from '@ironforge/contracts';
import { describe, expect, it } from 'vitest';
import { ENTRY_KINDS } from './entry-kinds.ts';

const kinds = Object.values(ENTRY_KINDS).filter((kind) => kind !== null);
const bindings = TOPOLOGY.eventQueues.find(({ queue }) => queue === 'audit')?.bind ?? [];

describe('the table of entries', () => {
  it('has the type names of source 000, section 4.2', () => {
    const names = ['user_registered', 'wallet_created', 'tx_request_created', 'tx_signed', 'tx_broadcasted'];
    const more = ['tx_confirmed', 'approval_granted', 'balance_changed', 'api_key_created'];
    const logins = ['login_success', 'login_failed'];
    expect(kinds.map(({ type }) => type)).toEqual(expect.arrayContaining([...names, ...more, ...logins]));
  });

  it('gives no two event types one name', () => {
    expect(new Set(kinds.map(({ type }) => type)).size).toBe(kinds.length);
  });

  it('fits the columns of the log', () => {
    for (const { type, resourceType, action } of kinds) {
      expect(type.length).toBeLessThanOrEqual(60);
      expect(Math.max(resourceType.length, action.length)).toBeLessThanOrEqual(40);
    }
  });
});

describe('the queue of the audit service', () => {
  it.each(Object.keys(EVENTS))('is bound to %s if, and only if, it becomes an entry', (type) => {
    const [area] = type.split('.');
    const isBound = bindings.includes(type) || bindings.includes(`${area}.*`);
    expect(isBound).toBe(Object.entries(ENTRY_KINDS).some(([name, kind]) => name === type && kind !== null));
  });
});
