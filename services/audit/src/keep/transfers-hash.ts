import { hash } from 'node:crypto';

/** An entry by its number, and the transfer that it told of; null where it told of none. */
export interface TellingEntry {
  readonly sequence: bigint;
  readonly transfer: string | null;
}

/** What a deletion certificate says of the transfers that its entries told of (`transfersSha256`); undefined where none did. Ascending by number. */
export function transfersHash(entries: readonly TellingEntry[]): string | undefined {
  const telling = entries.filter(({ transfer }) => transfer !== null);
  if (telling.length === 0) return undefined;
  return hash('sha256', telling.map(({ sequence, transfer }) => `${sequence} ${transfer}\n`).join(''), 'hex');
}
