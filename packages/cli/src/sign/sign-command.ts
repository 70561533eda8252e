import { type Command, Option } from 'commander';
import { createApi } from '../api/client.ts';
import type { Context } from '../context.ts';
import { endSignal } from '../stack/end-signal.ts';
import { trouble } from '../trouble.ts';
import { openJournal } from './journal.ts';
import { type JournalOptions, journalFolder } from './journal-folder.ts';
import { createKeystore, type KeystoreFiles, readSecret } from './keystore.ts';
import type { TaskKind } from './objection.ts';
import { readRules } from './rules.ts';
import { type KeyOptions, openSigners } from './signers.ts';
import { type SigningDeps, signTransaction } from './sign-transaction.ts';
import { type News, sentenceOf } from './watch/news.ts';
import { watch } from './watch/watch.ts';

interface SignOptions extends KeyOptions, JournalOptions {
  readonly url: string;
  readonly transaction?: string;
  readonly watch?: true;
  readonly kind: TaskKind;
  readonly rules?: string;
  readonly apiKeyFile?: string;
  readonly json?: true;
}

const KINDS: readonly TaskKind[] = ['original', 'speed_up', 'cancel', 'gap_fill'];
/** As many senders as one call for signing tasks may name. */
const MAX_WATCHED = 50;
const KEYSTORE = ['--keystore <file>', 'web3 secret storage (version 3, scrypt) of a key'] as const;
const PASSWORD = ['--password-file <file>', "the keystore's password"] as const;

/** Adds `sign` and `new-keystore`: the signer, a program apart from the services, whose key they never see. */
export function addSignCommands(program: Command, context: Context): void {
  addSign(program).action((options: SignOptions) => sign(options, context));
  program
    .command('new-keystore')
    .description('make a key for the signer, keep it in a new keystore, print its address')
    .requiredOption(...KEYSTORE)
    .requiredOption(...PASSWORD)
    .action(async (files: KeystoreFiles) => context.print(await createKeystore(files)));
}

function addSign(program: Command): Command {
  return program
    .command('sign')
    .description('check a request against what people approved, sign it and hand the bytes in')
    .requiredOption('--url <url>', 'the gateway')
    .option('--transaction <id>', 'the request to sign')
    .option('--watch', 'sign everything that comes and that --rules allow, until SIGTERM')
    .option(KEYSTORE[0], `${KEYSTORE[1]}; may be repeated`, collect)
    .option(PASSWORD[0], `${PASSWORD[1]}; one for all, or one for each in the same order`, collect)
    .option('--keystores <folder>', 'every <name>.json in it, with its password in <name>.password')
    .option(
      '--sign-command <program>',
      'gets the unsigned transaction as JSON, gives the signed bytes in hex',
    )
    .option('--address <address>', 'for whom --sign-command signs; may be repeated', collect)
    .option('--rules <file>', "the signer's own rules, JSON: whatever they do not name is refused")
    .option(
      '--journal <folder>',
      "where it notes what it signed, so that nothing is paid twice (default: 'signed' beside the keystores)",
    )
    .addOption(
      new Option('--kind <kind>', 'which payload of --transaction').choices(KINDS).default('original'),
    )
    .option('--api-key-file <file>', "the signer's API key (default: the variable IRONFORGE_API_KEY)")
    .option('--json', 'JSON objects instead of sentences, one a line');
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

async function sign(options: SignOptions, context: Context): Promise<void> {
  const { transaction, watch: isWatching } = options;
  if (transaction !== undefined && !isWatching) return await signOne(options, transaction, context);
  if (transaction === undefined && isWatching) return await signAll(options, context);
  throw trouble('usage', 'Give either --transaction or --watch');
}

/** What a signer stands on, but for his keys and what he signed. */
function footing(
  { url, apiKeyFile, rules }: SignOptions,
  { env }: Context,
): Omit<SigningDeps, 'signer' | 'journal'> {
  const api = createApi(url, apiKeyOf(apiKeyFile, env));
  return { api, rules: rules === undefined ? null : readRules(rules), clock: () => new Date() };
}

async function signAll(options: SignOptions, context: Context): Promise<void> {
  using ended = endSignal();
  const { signal: stop } = ended;
  const { rules, ...deps } = footing(options, context);
  if (rules === null) throw trouble('usage', '--watch needs --rules: nobody looks at what it signs');
  const signers = await openSigners(options, { env: context.env, stop });
  if (signers.length > MAX_WATCHED)
    throw trouble('usage', `One signer watches ${MAX_WATCHED} wallets at most: start another for the rest`);
  const journal = openJournal(journalFolder(options));
  await watch({
    ...deps,
    rules,
    journal,
    signers,
    stop,
    tell: teller(options, context),
    chance: Math.random,
  });
}

function teller({ json }: SignOptions, { print }: Context): (news: News) => void {
  return (news) => print(json ? JSON.stringify({ at: new Date().toISOString(), ...news }) : sentenceOf(news));
}

async function signOne(options: SignOptions, transactionId: string, context: Context): Promise<void> {
  const { env, print } = context;
  const deps = footing(options, context);
  const [signer, ...more] = await openSigners(options, { env });
  if (signer === undefined || more.length > 0) throw trouble('usage', 'One request is signed with one key');
  const journal = openJournal(journalFolder(options));
  const outcome = await signTransaction({ ...deps, journal, signer }, { transactionId, kind: options.kind });
  if ('refused' in outcome) throw trouble('failed', `Not signed. ${outcome.refused}`);
  const { intentHash, nonce, txHash } = outcome.signed;
  if (options.json) return print(JSON.stringify(outcome.signed));
  print(`Signed request ${transactionId}: the intent hashes to ${intentHash}, its approvals are complete,`);
  print(`and the transaction is exactly that intent, at nonce ${nonce}. Its hash is ${txHash}.`);
}

function apiKeyOf(file: string | undefined, env: NodeJS.ProcessEnv): string {
  const key = file === undefined ? env['IRONFORGE_API_KEY'] : readSecret(file);
  if (key) return key;
  throw trouble('usage', 'No API key: set IRONFORGE_API_KEY or give --api-key-file (never the key itself)');
}
