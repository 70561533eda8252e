import { parseJson } from '@ironforge/kernel';
import { z } from 'zod';
import type { EntryRow } from './log-reader.ts';

/** The verifier key that a part of a log is signed by, and the entry since which it is; null while the log has told of none. */
export type KeyInForce = { readonly key: string; readonly since: number } | null;

/** The types of the entries by which a log tells of its keys. */
export const KEY_ENTRY_TYPES: readonly string[] = [
  'audit_signing_key_introduced',
  'audit_signing_key_rotated',
];

const Told = z.object({
  type: z.enum(KEY_ENTRY_TYPES),
  details: z.object({ from: z.string().optional(), to: z.string() }),
});

/** From which key to which a log goes on with an entry; `from` is undefined where nobody noted it. */
export interface KeyChange extends NonNullable<KeyInForce> {
  readonly from: string | undefined;
}

/** The key that a log begins with, as its first change tells; null where that says nothing, or there is none. */
export function keyBefore(change: KeyChange | undefined): KeyInForce {
  return change?.from === undefined ? null : { key: change.from, since: 1 };
}

/** Which key each of these entries says that the log goes on with, by its sealed text, ascending. */
export function keyChanges(rows: readonly Pick<EntryRow, 'sequence' | 'canonical'>[]): KeyChange[] {
  return rows.filter(mayTell).flatMap(({ sequence, canonical }) => {
    const told = Told.safeParse(read(canonical)).data;
    return told === undefined ? [] : [{ key: told.details.to, from: told.details.from, since: sequence }];
  });
}

/** The key that a log of this size is signed by: that of the last change in it, or else the one of before. */
export function keyAt(size: number, changes: readonly KeyChange[], before: KeyInForce): KeyInForce {
  return changes.findLast(({ since }) => since <= size) ?? before;
}

/** Canonical JSON writes letters as they are: most texts need not be parsed. */
function mayTell({ canonical }: Pick<EntryRow, 'canonical'>): boolean {
  return KEY_ENTRY_TYPES.some((type) => canonical.includes(type));
}

/** A text that is no JSON is told of elsewhere. */
function read(canonical: string): unknown {
  try {
    return parseJson(canonical);
  } catch {
    return null;
  }
}
