import { type KeyFlaw, type KeyParse, parseLogKey, parseWitnessKey } from '../note/key-text.ts';
import type { LogKey, WitnessKey } from '../note/keys.ts';

/** Keys from a text, or which of its lines, counted from 1, is none and why. */
export type KeysParse<Key> =
  | { readonly keys: readonly Key[] }
  | { readonly rejected: KeyFlaw; readonly line: number };

/** The keys of logs in a text, one a line; empty lines and those that begin with `#` are passed over. Never throws. */
export function parseLogKeys(text: string): KeysParse<LogKey> {
  return parseKeys(text, parseLogKey);
}

/** The keys of witnesses in a text, one a line; empty lines and those that begin with `#` are passed over. Never throws. */
export function parseWitnessKeys(text: string): KeysParse<WitnessKey> {
  return parseKeys(text, parseWitnessKey);
}

function parseKeys<Key>(text: string, parse: (line: string) => KeyParse<Key>): KeysParse<Key> {
  const keys = new Map<string, Key>();
  for (const [at, line] of text.split('\n').entries()) {
    if (/^\s*(?:#|$)/.test(line)) continue;
    const parsed = parse(line.trim());
    if ('rejected' in parsed) return { rejected: parsed.rejected, line: at + 1 };
    keys.set(line.trim(), parsed.key);
  }
  return { keys: [...keys.values()] };
}
