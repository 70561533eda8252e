import { randomBytes } from 'node:crypto';
import {
  formatKey,
  formatSigner,
  keyOf,
  parseWitnessSigner,
  type WitnessSigner,
  witnessSigner,
} from '@ironforge/audit-log';
import { trouble } from '../trouble.ts';
import { readText } from '../verify/read-input.ts';
import { writeKey } from '../write-key.ts';

/** Makes a new signer, writes it (mode 0600) and gives the key that verifies it; a file that exists is never overwritten. */
export function makeWitnessKey(name: string, file: string): string {
  if (!/^[a-z0-9][a-z0-9./-]{0,98}[a-z0-9]$/.test(name))
    throw trouble('usage', `"${name}" is no name of a witness: say for example witness.example.com/one`);
  const signer = witnessSigner(name, randomBytes(32));
  writeKey(file, `${formatSigner(signer)}\n`);
  return formatKey(keyOf(signer));
}

/** The signer in a file. Throws `usage` when it cannot be read or holds none. */
export function readWitnessKey(file: string): WitnessSigner {
  const parsed = parseWitnessSigner(readText(file).trim());
  if ('key' in parsed) return parsed.key;
  throw trouble('usage', `${file} holds no signer of a witness: ${parsed.rejected.replaceAll('_', ' ')}`);
}
