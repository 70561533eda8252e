import type { ReportFinding } from '@ironforge/contracts';
import type { Command } from 'commander';
import { createApi } from '../api/client.ts';
import { patientApi } from '../api/patient-api.ts';
import type { Context } from '../context.ts';
import { refuseUnwritable } from '../refuse-unwritable.ts';
import { readSecrets } from '../secrets.ts';
import { readSecret } from '../sign/keystore.ts';
import { isHeld } from '../supervisor/hold.ts';
import { readState } from '../supervisor/state-file.ts';
import { EXIT_CODES, trouble } from '../trouble.ts';
import { type Found, reconcile } from './reconcile.ts';
import { saveReports } from './save-reports.ts';

interface Options {
  readonly chain: string;
  readonly from?: string;
  readonly to?: string;
  readonly url?: string;
  readonly apiKeyFile?: string;
  readonly report?: string;
  readonly json?: true;
}

/** Adds `reconcile`: compares a chain with what is stored of it, for the tenant of the API key. Exit code 5 when they differ. */
export function addReconcileCommand(program: Command, context: Context): void {
  program
    .command('reconcile')
    .description('compare a chain with what is stored for a tenant, and print every difference')
    .requiredOption('--chain <id>', 'CAIP-2, for example eip155:31337')
    .option('--from <height>', 'the first block (default: the last thousand)')
    .option('--to <height>', 'the last block (default, and at most: the newest that is followed)')
    .option('--url <url>', 'the gateway (default: of the running installation)')
    .option(
      '--api-key-file <file>',
      'a key with audit:read (default: IRONFORGE_API_KEY, or the local compliance officer)',
    )
    .option(
      '--report <file>',
      'have the audit log compare these blocks with its entries too, and keep what it signs; the key needs audit:export',
    )
    .option('--json', 'one JSON object a difference, and last { ok, from, to, requestedTo, differences }')
    .action((options: Options) => run(options, context));
}

async function run(
  { chain: chainId, from, to, json, report, ...access }: Options,
  context: Context,
): Promise<void> {
  if (report !== undefined) refuseUnwritable(report);
  const { url, key } = await entrance(access, context);
  const api = patientApi(createApi(url, key), context.say);
  const range = { chainId, from: heightIn(from), to: heightIn(to) };
  const tell = (found: Found) => context.print(json ? JSON.stringify(found) : sentenceOf(found));
  const result = await reconcile(api, range, { tell, say: context.say });
  const wanted = { ...result, chainId, say: context.say };
  const findings = report === undefined ? [] : await saveReports(api, { ...wanted, file: report });
  for (const one of findings) context.print(json ? JSON.stringify(one) : findingOf(one));
  const open = findings.filter(({ kind }) => kind !== 'entry_pruned');
  const ok = result.differences + open.length === 0;
  if (!ok) process.exitCode = EXIT_CODES.differences;
  const ofLog = report === undefined ? {} : { findings: findings.length };
  const told = report === undefined ? '' : `, ${findings.length} findings between chain and log: ${report}`;
  const end = `${result.differences} differences in blocks ${result.from} to ${result.to}${told}`;
  context.print(json ? JSON.stringify({ ok, ...result, ...ofLog }) : end);
}

function findingOf({ kind, height, transfer, entry, onChain, inLog }: ReportFinding): string {
  const about = entry === null ? 'no entry' : `entry ${entry.sequence} (${entry.id})`;
  return `${kind}  ${height}  ${transfer}  ${about}\n  on chain: ${onChain ?? 'nothing'}\n  in log:   ${inLog ?? 'nothing'}`;
}

function sentenceOf({ kind, height, subject, onChain, stored }: Found): string {
  return `${kind}  ${height}  ${subject}\n  on chain: ${onChain ?? 'nothing'}\n  stored:   ${stored ?? 'nothing'}`;
}

async function entrance(
  { url, apiKeyFile }: Pick<Options, 'url' | 'apiKeyFile'>,
  { env, home }: Context,
): Promise<{ readonly url: string; readonly key: string }> {
  const isRunning = await isHeld(home);
  const local = isRunning ? readState(home)?.connection?.gatewayUrl : undefined;
  const own = isRunning ? readSecrets(home).accounts['compliance']?.apiKey : undefined;
  const gateway = url ?? local;
  const given = apiKeyFile === undefined ? env['IRONFORGE_API_KEY'] : readSecret(apiKeyFile);
  const key = given ?? (url === undefined ? own : undefined);
  if (!gateway)
    throw trouble('not_running', 'No gateway: start one with ./ironforge up --detach, or give --url');
  if (!key) throw trouble('usage', 'No API key: set IRONFORGE_API_KEY or give --api-key-file');
  return { url: gateway, key };
}

function heightIn(text: string | undefined): number | null {
  if (text === undefined) return null;
  const height = Number(text);
  if (Number.isSafeInteger(height) && height >= 0) return height;
  throw trouble('usage', `${text} is no height`);
}
