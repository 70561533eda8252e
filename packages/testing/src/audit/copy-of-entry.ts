import { randomUUID } from 'node:crypto';
import { termsOf } from '@ironforge/audit-log';

/** The entry that is copied: its sealed text as an object whose keys are in canonical order. */
export interface Base {
  readonly tenantId: string;
  /** How many entries the log has. */
  readonly size: number;
  readonly said: Readonly<Record<string, unknown>>;
}

/** An entry of its own, in the form in which it is stored. */
export interface MadeEntry {
  readonly id: string;
  readonly eventId: string;
  readonly sequence: number;
  readonly canonical: string;
  readonly terms: string;
}

/** The base as an entry of another number, event and id: RFC 8785 keeps the order of keys, so the copy is canonical too. */
export function copyOf({ said }: Base, sequence: number): MadeEntry {
  return madeOf({ ...said, sequence });
}

/** The entry by which a log tells that another key signs it from there on; both as verifier keys. */
export function rotationOf({ said, tenantId }: Base, sequence: number, keys: Rotated): MadeEntry {
  const told = { type: 'audit_signing_key_rotated', resourceType: 'audit_log', resourceId: tenantId };
  const by = { action: 'update', actor: { id: 'audit', type: 'service' }, status: 'success', personal: null };
  const details = { from: keys.from, reason: 'previous_key_not_at_hand', to: keys.to };
  return madeOf({ ...said, ...told, ...by, details, sequence });
}

/** The key before, and the one after. */
export interface Rotated {
  readonly from: string;
  readonly to: string;
}

function madeOf(said: Readonly<Record<string, unknown>> & { readonly sequence: number }): MadeEntry {
  const [id, eventId] = [randomUUID(), randomUUID()];
  const alone = 'aggregate' in said ? { aggregate: null } : {};
  const made = { ...said, id, eventId, ...alone };
  const { sequence } = said;
  return { id, eventId, sequence, canonical: JSON.stringify(made), terms: termsOf(made).join(' ') };
}
