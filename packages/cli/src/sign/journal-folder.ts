import { dirname, join, resolve } from 'node:path';
import { trouble } from '../trouble.ts';
import type { KeyOptions } from './signers.ts';

/** Where keys are, and where what they signed is noted. */
export interface JournalOptions extends Pick<KeyOptions, 'keystore' | 'keystores' | 'signCommand'> {
  readonly journal?: string;
}

/**
 * The folder of the journal: the one that is named, else `signed` beside the keystores. It must not depend on how else a signer is
 * started, so keystores of several folders and a program that signs have to name one. Throws `usage`.
 */
export function journalFolder({ journal, keystore = [], keystores, signCommand }: JournalOptions): string {
  if (journal !== undefined) return journal;
  const named = keystores === undefined ? [] : [keystores];
  const [folder, ...others] = new Set([...keystore.map(dirname), ...named].map((path) => resolve(path)));
  if (folder !== undefined && others.length === 0 && signCommand === undefined) return join(folder, 'signed');
  const which = signCommand === undefined ? 'keystores of several folders note' : '--sign-command notes';
  throw trouble(
    'usage',
    `Say with --journal in which folder ${which} what was signed, the same at each start`,
  );
}
