import { addressTerms, termsIn } from '@ironforge/audit-log';
import { appError } from '@ironforge/contracts';
import type { AppError } from '@ironforge/kernel';
import type { EntryFilter } from '../queries/entry-search.ts';

/** What is searched for beside the columns. */
export interface Words {
  readonly q?: string | undefined;
  readonly address?: string | undefined;
}

/**
 * The terms that every hit of a search has: those asked for, and where no index has what is asked for in order, those of the filter too, for
 * what a column says is among the words of its entry. None where such an index does. Throws `validation_failed` for words without any,
 * and for a filter that neither an index nor a word serves: it would read the whole log; `at` is where the question stands.
 */
export function termsFor({ q, address }: Words, filter: EntryFilter, at = '/query'): string[] {
  const asked = [...wordsOf(`${at}/q`, q, termsIn), ...wordsOf(`${at}/address`, address, addressTerms)];
  const { from: _from, to: _to, ...columns } = filter;
  const given = Object.entries(columns).filter(([, value]) => value !== undefined);
  const isIndexed = IN_ORDER.has(
    given
      .map(([name]) => name)
      .toSorted()
      .join(),
  );
  if (asked.length === 0 && isIndexed) return [];
  const terms = new Set([...asked, ...given.flatMap(([, value]) => termsIn(value ?? ''))]);
  if (terms.size === 0) throw invalid(given.map(([name]) => `${at}/${name}`));
  return [...terms];
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

function wordsOf(pointer: string, text: string | undefined, read: (text: string) => string[]): string[] {
  if (text === undefined) return [];
  const terms = read(text);
  if (terms.length > 0) return terms;
  throw invalid([pointer]);
}

function invalid(pointers: readonly string[]): AppError {
  const errors = pointers.map((pointer) => ({ pointer, code: 'invalid_value' }));
  return appError('validation_failed', { errors });
}
