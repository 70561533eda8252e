import { assert, present } from '@ironforge/kernel';
import { linesOf, textOf } from '../text/lines.ts';
import type { LogKey } from './keys.ts';
import { isNoteText, parseNote } from './note.ts';
import type { SignaturesFlaw } from './signature-line.ts';
import { type NoteFlaw, verifyNote } from './verify-note.ts';

/** What a log says over its signature beside checkpoints: a line for its form, then lines of a name and a value, `origin` the first. */
export interface StatementForm<Name extends string> {
  /** The first line, `name@version`. */
  readonly format: string;
  /** The names of the lines after that of the origin, in their order. */
  readonly names: readonly Name[];
}

/** What the lines of a statement say, by their names. */
export type StatementValues<Name extends string> = Readonly<Record<Name | 'origin', string>>;

/** Why a signed note is no statement of this form by one of these logs. */
export type StatementFlaw =
  | 'malformed_text'
  | SignaturesFlaw
  | NoteFlaw
  | 'other_statement'
  | 'malformed_statement'
  | 'other_origin'
  | 'no_log_key';

/** A statement that a log signed, by which key, or why it counts for nothing. */
export type StatementVerdict<Name extends string> =
  | { readonly valueOf: (name: Name | 'origin') => string; readonly signedBy: LogKey }
  | { readonly rejected: StatementFlaw };

/**
 * The text of a statement, which is what is signed. It can be taken for no checkpoint (C2SP tlog-checkpoint): that has a bare number
 * in its second line, where a statement has a name, a space and the origin.
 */
export function formatStatement<Name extends string>(
  { format, names }: StatementForm<Name>,
  values: StatementValues<Name>,
): string {
  const told = [`origin ${values.origin}`, ...names.map((name) => `${name} ${values[name]}`)];
  const text = textOf([format, ...told]);
  assert(isNoteText(text), 'a statement is a text that can be signed');
  assert(
    told.every((line) => !line.includes('\n')),
    'a value of a statement is one line',
  );
  return text;
}

/** Checks that the log of one of these keys, whose name is the statement's origin, signed a statement of this form; never throws. */
export function verifyStatement<Name extends string>(
  signed: string,
  form: StatementForm<Name>,
  logKeys: readonly LogKey[],
): StatementVerdict<Name> {
  const parsed = parseNote(signed);
  if ('rejected' in parsed) return parsed;
  const { text } = parsed.note;
  if (!text.startsWith(`${form.format}\n`)) return { rejected: 'other_statement' };
  const values = valuesIn(text, form);
  if (values === null) return { rejected: 'malformed_statement' };
  if (logKeys.length === 0) return { rejected: 'no_log_key' };
  const keys = logKeys.filter(({ name }) => name === values.get('origin'));
  if (keys.length === 0) return { rejected: 'other_origin' };
  const verdict = verifyNote(parsed.note, keys);
  if ('rejected' in verdict) return verdict;
  const signedBy = keys.find((key) => verdict.signedBy.some((one) => one.key === key));
  if (signedBy === undefined) return { rejected: 'no_known_signature' };
  return { valueOf: (name) => present(values.get(name), name), signedBy };
}

/** Null unless there is exactly one line for each name, in their order. */
function valuesIn(text: string, { names }: StatementForm<string>): ReadonlyMap<string, string> | null {
  const told = (linesOf(text) ?? []).slice(1);
  const wanted = ['origin', ...names];
  const isWhole =
    told.length === wanted.length && told.every((line, at) => line.startsWith(`${wanted[at]} `));
  return isWhole ? new Map(wanted.map((name, at) => [name, told[at]?.slice(name.length + 1) ?? ''])) : null;
}
