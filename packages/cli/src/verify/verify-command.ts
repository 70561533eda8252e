import {
  areReports,
  type BundleVerdict,
  type ExportVerdict,
  parseLogKeys,
  parseWitnessKeys,
  type ReportsVerdict,
  tellBundle,
  tellReports,
  type Trust,
  verifyBundleBytes,
  verifyReports,
} from '@ironforge/audit-log';
import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { EXIT_CODES, trouble } from '../trouble.ts';
import { linesOf } from './lines.ts';
import { readInput, readText } from './read-input.ts';
import { readKeys } from './read-keys.ts';
import { readServerKeys } from './read-server-keys.ts';
import type { Verified } from './verified.ts';
import { verifyExport } from './verify-export.ts';

interface Options {
  readonly key: string;
  readonly witness?: string;
  readonly since?: string;
  readonly immudbKey?: string;
  readonly manifest?: string;
  readonly json?: true;
}

/** Adds `verify`: checks the proof of an audit entry, or an export, by keys alone, without network and database. Exit code 6 when it is refused. */
export function addVerifyCommand(program: Command, context: Context): void {
  program
    .command('verify <file>')
    .description(
      'check the proof of an audit entry, a report about a chain, or an export by its manifest, without network: a file, or - for standard input',
    )
    .requiredOption('--key <file>', "the log's verifier key, one a line; # begins a comment")
    .option('--witness <file>', 'keys of witnesses, of whom at least one must have seen the log')
    .option('--since <file>', 'an older checkpoint that was kept: the log must only have grown since')
    .option(
      '--immudb-key <file>',
      "the immudb server's public key (PEM): the second copy must be proved, too",
    )
    .option('--manifest <file>', 'what came with the file, which is then an export (JSONL or CSV)')
    .option('--json', 'one JSON object, a member for each part')
    .action((file: string, options: Options) => run(file, options, context));
}

async function run(file: string, options: Options, { print }: Context): Promise<void> {
  const { verdict, lines } = await verify(file, options);
  if (!verdict.isProved) process.exitCode = EXIT_CODES.refused;
  if (options.json) return print(JSON.stringify(verdict));
  lines.forEach(print);
}

async function verify(file: string, { manifest, ...options }: Options): Promise<Verified<Verdict>> {
  const trust = trustOf(options);
  if (manifest !== undefined) return await verifyExport(file, manifest, onOneCheckpoint(trust));
  const bytes = await readInput(file);
  return areReports(bytes) ? verifyReportBytes(bytes, onOneCheckpoint(trust)) : verifyProof(bytes, trust);
}

type Verdict = BundleVerdict | ExportVerdict | ReportsVerdict;

/** Whoever names a checkpoint or a key wants it to be looked at: one that is passed over would seem to have proved something. */
function onOneCheckpoint(trust: Trust): Trust {
  if (trust.since !== null)
    throw trouble(
      'usage',
      '--since is for the proof of an entry: exports and reports stand on one checkpoint',
    );
  if ((trust.immudbKeys?.length ?? 0) > 0)
    throw trouble(
      'usage',
      '--immudb-key is for the proof of an entry: exports and reports say nothing of the copy in immudb',
    );
  return trust;
}

function verifyProof(bytes: Uint8Array, trust: Trust): Verified<BundleVerdict> {
  const verdict = verifyBundleBytes(bytes, trust);
  return { verdict, lines: linesOf(tellBundle(verdict)) };
}

function verifyReportBytes(bytes: Uint8Array, trust: Trust): Verified<ReportsVerdict> {
  const verdict = verifyReports(bytes, trust);
  return { verdict, lines: linesOf(tellReports(verdict)) };
}

function trustOf({ key, witness, since, immudbKey }: Omit<Options, 'manifest'>): Trust {
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
