import { parseServerKeys, type ServerKey } from '@ironforge/audit-log';
import { trouble } from '../trouble.ts';
import { readText } from './read-input.ts';

/** The keys of immudb servers in a file (PEM, SPKI, P-256). Throws `usage` for a block that is none, and when there is none. */
export function readServerKeys(file: string): readonly ServerKey[] {
  const parsed = parseServerKeys(readText(file));
  if ('rejected' in parsed) throw trouble('usage', `${file} block ${parsed.block}: no public key on P-256`);
  if (parsed.keys.length === 0) throw trouble('usage', `${file} holds no key`);
  return parsed.keys;
}
