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
  const [id, eventId] = [randomUUID(), randomUUID()];
  const copy = { ...said, id, eventId, sequence };
  return { id, eventId, sequence, canonical: JSON.stringify(copy), terms: termsOf(copy).join(' ') };
}
