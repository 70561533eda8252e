import type { AuditCategory } from '@ironforge/contracts';
import { ENTRY_KINDS } from '../entry/entry-kinds.ts';
import { OWN_KINDS, type OwnType } from '../entry/own-kinds.ts';

/** What an entry is kept by: a category with its retention, or `lasting`, which is never pruned. */
export type KeptAs = AuditCategory | 'lasting';

/** Without these nobody could check the rest: what was pruned and why, what was held, and whose signature counts. */
const LASTING: readonly OwnType[] = [
  'audit_signing_key_introduced',
  'audit_signing_key_rotated',
  'retention_changed',
  'legal_hold_placed',
  'legal_hold_released',
  'entries_pruned',
];

const CATEGORIES: ReadonlyMap<string, AuditCategory> = new Map([
  ...Object.values(ENTRY_KINDS).flatMap((kind) =>
    kind === null ? [] : [[kind.type, kind.category] as const],
  ),
  ...Object.keys(OWN_KINDS).map((type) => [type, 'audit'] as const),
]);

const LASTING_NAMES: ReadonlySet<string> = new Set(LASTING);

/** What entries of a type are kept by; a type that no line names any more is lasting. */
export function keptAs(type: string): KeptAs {
  return LASTING_NAMES.has(type) ? 'lasting' : (CATEGORIES.get(type) ?? 'lasting');
}

/** The types of a category, those that last left out. */
export function prunableTypes(category: AuditCategory): string[] {
  return [...CATEGORIES.keys()].filter((type) => keptAs(type) === category);
}

/** The types of a category, those that last among them. */
export function typesOf(category: AuditCategory): string[] {
  return [...CATEGORIES].filter(([, own]) => own === category).map(([type]) => type);
}
