import {
  type BundleVerdict,
  parseLogKeys,
  parseWitnessKeys,
  tellBundle,
  type Trust,
  verifyBundleBytes,
} from '@ironforge/audit-log';
import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { EXIT_CODES } from '../trouble.ts';
import { readInput, readText } from './read-input.ts';
import { readKeys } from './read-keys.ts';
import { readServerKeys } from './read-server-keys.ts';

interface Options {
  readonly key: string;
  readonly witness?: string;
  readonly since?: string;
  readonly immudbKey?: string;
  readonly json?: true;
}

/** Adds `verify`: checks the proof of an audit entry by keys alone, without network and database. Exit code 6 when it is refused. */
export function addVerifyCommand(program: Command, context: Context): void {
  program
    .command('verify <bundle>')
    .description('check the proof of an audit entry, without network: a file, or - for standard input')
    .requiredOption('--key <file>', "the log's verifier key, one a line; # begins a comment")
    .option('--witness <file>', 'keys of witnesses, of whom at least one must have seen the log')
    .option('--since <file>', 'an older checkpoint that was kept: the log must only have grown since')
    .option(
      '--immudb-key <file>',
      "the immudb server's public key (PEM): the second copy must be proved, too",
    )
    .option('--json', 'one JSON object, a member for each part')
    .action((bundle: string, options: Options) => run(bundle, options, context));
}

async function run(bundle: string, options: Options, { print }: Context): Promise<void> {
  const trust = trustOf(options);
  const verdict = verifyBundleBytes(await readInput(bundle), trust);
  if (!verdict.isProved) process.exitCode = EXIT_CODES.refused;
  if (options.json) return print(JSON.stringify(verdict));
  linesOf(verdict).forEach(print);
}

function trustOf({ key, witness, since, immudbKey }: Options): Trust {
  return {
    logKeys: readKeys(key, parseLogKeys),
    witnessKeys: witness === undefined ? [] : readKeys(witness, parseWitnessKeys),
    since: since === undefined ? null : noteIn(since),
    immudbKeys: immudbKey === undefined ? [] : readServerKeys(immudbKey),
  };
}

/** `jq -r` puts a line break behind the note that is not part of it. */
function noteIn(file: string): string {
  return readText(file).replace(/\n\n$/, '\n');
}

function linesOf(verdict: BundleVerdict): readonly string[] {
  const { parts, sentence } = tellBundle(verdict);
  const rows = parts.map(({ name, state, text }) => `${name.padEnd(13)}${state.padEnd(12)}${text}`);
  return [...rows, '', sentence];
}
