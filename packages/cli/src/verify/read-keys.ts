import type { KeysParse } from '@ironforge/audit-log';
import { trouble } from '../trouble.ts';
import { readText } from './read-input.ts';

/** The keys in a file, one a line; `#` begins a comment. Throws `usage` for a line that is none, and when there is no key. */
export function readKeys<Key>(file: string, parse: (text: string) => KeysParse<Key>): readonly Key[] {
  const parsed = parse(readText(file));
  if ('rejected' in parsed)
    throw trouble('usage', `${file} line ${parsed.line}: ${parsed.rejected.replaceAll('_', ' ')}`);
  if (parsed.keys.length === 0) throw trouble('usage', `${file} holds no key`);
  return parsed.keys;
}
