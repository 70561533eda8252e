import { addressTerms, termsIn } from '@ironforge/audit-log';
import { appError } from '@ironforge/contracts';
import type { EntryFilter } from '../queries/entry-search.ts';

/** What is searched for beside the columns. */
export interface Words {
  readonly q?: string | undefined;
  readonly address?: string | undefined;
}

/**
 * The terms that every hit of a search has: those asked for, and where no index has what is asked for in order, those of the filter too, for
 * what a column says is among the words of its entry. None where such an index does. Throws `validation_failed` for words without any.
 */
export function termsFor({ q, address }: Words, filter: EntryFilter): string[] {
  const asked = [...wordsOf('q', q, termsIn), ...wordsOf('address', address, addressTerms)];
  const { from: _from, to: _to, ...columns } = filter;
  const given = Object.entries(columns).filter(([, value]) => value !== undefined);
  const isIndexed = IN_ORDER.has(
    given
      .map(([name]) => name)
      .toSorted()
      .join(),
  );
  if (asked.length === 0 && isIndexed) return [];
  return [...new Set([...asked, ...given.flatMap(([, value]) => termsIn(value ?? ''))])];
}

/** Filters that an index of their own serves, together with the order by number (`migrations/0050`, `0141`). */
const IN_ORDER: ReadonlySet<string> = new Set([
  '',
  'type',
  'actorId',
  'actorId,actorType',
  'resourceId,resourceType',
  'txHash',
]);

function wordsOf(name: keyof Words, text: string | undefined, read: (text: string) => string[]): string[] {
  if (text === undefined) return [];
  const terms = read(text);
  if (terms.length > 0) return terms;
  throw appError('validation_failed', { errors: [{ pointer: `/query/${name}`, code: 'invalid_value' }] });
}
