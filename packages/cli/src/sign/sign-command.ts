import { type Command, Option } from 'commander';
import { createApi } from '../api/client.ts';
import type { Context } from '../context.ts';
import { trouble } from '../trouble.ts';
import { createKeystore, type KeystoreFiles, openKeystore, readSecret } from './keystore.ts';
import { type SigningTask, signTransaction } from './sign-transaction.ts';

interface SignOptions extends KeystoreFiles {
  readonly url: string;
  readonly transaction: string;
  readonly kind: SigningTask['kind'];
  readonly apiKeyFile?: string;
  readonly json?: true;
}

const KINDS: readonly SigningTask['kind'][] = ['original', 'speed_up', 'cancel'];

/** Adds `sign` and `new-keystore`: the signer, a program apart from the services, whose key they never see. */
export function addSignCommands(program: Command, context: Context): void {
  const keystore = ['--keystore <file>', 'web3 secret storage (version 3, scrypt) of the key'] as const;
  const password = ['--password-file <file>', "the keystore's password"] as const;
  program
    .command('sign')
    .description('check a request against what people approved, sign it and hand the bytes in')
    .requiredOption('--url <url>', 'the gateway')
    .requiredOption('--transaction <id>', 'the request to sign')
    .requiredOption(...keystore)
    .requiredOption(...password)
    .addOption(new Option('--kind <kind>', 'which payload').choices(KINDS).default('original'))
    .option('--api-key-file <file>', "the signer's API key (default: the variable IRONFORGE_API_KEY)")
    .option('--json', 'one JSON object instead of sentences')
    .action((options: SignOptions) => sign(options, context));
  program
    .command('new-keystore')
    .description('make a key for the signer, keep it in a new keystore, print its address')
    .requiredOption(...keystore)
    .requiredOption(...password)
    .action(async (files: KeystoreFiles) => context.print(await createKeystore(files)));
}

async function sign(options: SignOptions, { env, print }: Context): Promise<void> {
  const signer = await openKeystore(options);
  const api = createApi(options.url, apiKeyOf(options.apiKeyFile, env));
  const task = { transactionId: options.transaction, kind: options.kind };
  const outcome = await signTransaction({ api, signer, clock: () => new Date() }, task);
  if ('refused' in outcome) throw trouble('failed', `Not signed. ${outcome.refused}`);
  const { transactionId, intentHash, nonce, txHash } = outcome.signed;
  if (options.json) return print(JSON.stringify(outcome.signed));
  print(`Signed request ${transactionId}: the intent hashes to ${intentHash}, its approvals are complete,`);
  print(`and the transaction is exactly that intent, at nonce ${nonce}. Its hash is ${txHash}.`);
}

function apiKeyOf(file: string | undefined, env: NodeJS.ProcessEnv): string {
  const key = file === undefined ? env['IRONFORGE_API_KEY'] : readSecret(file);
  if (key) return key;
  throw trouble('usage', 'No API key: set IRONFORGE_API_KEY or give --api-key-file (never the key itself)');
}
