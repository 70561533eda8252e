import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseAddress } from '@ironforge/chain-evm';
import { trouble } from '../trouble.ts';
import { type KeystoreFiles, openKeystore } from './keystore.ts';
import { commandSigner } from './outside-command.ts';
import { keySigner, type Signer } from './signer.ts';

/** Where keys are: keystores one by one or in a folder, or behind a program. */
export interface KeyOptions {
  readonly keystore?: readonly string[];
  readonly passwordFile?: readonly string[];
  readonly keystores?: string;
  readonly signCommand?: string;
  readonly address?: readonly string[];
}

/** What an outside program is run with. */
export interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly stop?: AbortSignal;
}

/** Opens every key that is named, each address once. Throws `usage` when none is, or one does not open. */
export async function openSigners(options: KeyOptions, around: Surroundings): Promise<Signer[]> {
  const files = [...pairsOf(options), ...filesIn(options.keystores)];
  const opened = await Promise.all(files.map(openKeystore));
  const signers = [...opened.map(keySigner), ...outside(options, around)];
  if (signers.length > 0) return [...new Map(signers.map((one) => [one.address, one])).values()];
  throw trouble('usage', 'No key: give --keystore with --password-file, --keystores, or --sign-command');
}

function pairsOf({ keystore = [], passwordFile = [] }: KeyOptions): KeystoreFiles[] {
  const shared = passwordFile.length === 1 ? passwordFile[0] : undefined;
  if (shared === undefined && passwordFile.length !== keystore.length)
    throw trouble('usage', 'Give one --password-file for all keystores, or one for each in the same order');
  return keystore.map((file, index) => ({
    keystore: file,
    passwordFile: shared ?? passwordFile[index] ?? '',
  }));
}

/** Every `name.json` of the folder, its password in `name.password` beside it. */
function filesIn(folder: string | undefined): KeystoreFiles[] {
  if (folder === undefined) return [];
  const names = listed(folder).filter((name) => name.endsWith('.json'));
  return names.map((name) => ({
    keystore: join(folder, name),
    passwordFile: join(folder, name.replace(/\.json$/, '.password')),
  }));
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder).toSorted();
  } catch (error) {
    throw trouble('usage', `${folder} cannot be read`, error);
  }
}

function outside({ signCommand, address = [] }: KeyOptions, { env, stop }: Surroundings): Signer[] {
  if (signCommand === undefined) return [];
  if (address.length === 0) throw trouble('usage', 'Say with --address for whom --sign-command signs');
  return address.map((text) => {
    const parsed = parseAddress(text);
    if (!('address' in parsed)) throw trouble('usage', `${text} is no address`);
    return commandSigner({ program: signCommand, address: parsed.address, env, ...(stop && { stop }) });
  });
}
