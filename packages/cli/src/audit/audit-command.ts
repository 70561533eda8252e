import { writeFileSync } from 'node:fs';
import { type LogKey, parseLogKeys } from '@ironforge/audit-log';
import { hasCode, isUuid } from '@ironforge/kernel';
import type { Command } from 'commander';
import { Client } from 'pg';
import type { Context } from '../context.ts';
import type { ImmudbPlace } from '../parts/immudb-place.ts';
import { refuseUnwritable } from '../refuse-unwritable.ts';
import { auditKeysOf } from '../stack/audit-key.ts';
import { ownerUrl } from '../stack/owner-url.ts';
import { EXIT_CODES, trouble } from '../trouble.ts';
import { readText } from '../verify/read-input.ts';
import { checkCopy, type CopyReport } from './check-copy.ts';
import { checkLog, type KeptCheckpoint, type Report } from './check-log.ts';
import { createLogReader, type LogReader } from './log-reader.ts';
import { copyPlace, openCopy } from './open-copy.ts';
import { createProgress } from './progress.ts';
import { refuseBeyond } from './refuse-beyond.ts';
import { refuseUnknown } from './refuse-unknown.ts';
import { type EntryRange, keptCheckpoint, type RangeOfLog, rangeOfLog } from './range-of-log.ts';

interface Options {
  readonly tenant: string;
  readonly key?: string;
  readonly since?: string;
  readonly save?: string;
  readonly from?: string;
  readonly to?: string;
  readonly json?: true;
  /** False for `--no-immudb`. */
  readonly immudb: boolean;
}

/** Adds `audit verify`: recomputes a tenant's whole log from the database, and names whatever was changed in it. */
export function addAuditCommands(program: Command, context: Context): void {
  program
    .command('audit')
    .description('check the audit log where it is stored')
    .command('verify')
    .description(
      'recompute the log of a tenant: numbers, versions, columns, tree, signed checkpoints, the copy in immudb; exit code 6 when something is wrong',
    )
    .requiredOption('--tenant <id>', 'whose log')
    .option(
      '--key <file>',
      "the log's public key, one or several, a line each (default: that of the running installation)",
    )
    .option('--since <file>', 'a checkpoint that was checked before: only what came after it is looked at')
    .option('--save <file>', 'write the newest checkpoint there when nothing is wrong, for the next time')
    .option('--from <number>', 'the first entry to look at; begins with the checkpoint before it')
    .option('--to <number>', 'the last entry to look at; ends with the first checkpoint that covers it')
    .option('--no-immudb', 'leave the copy in immudb out')
    .option('--json', 'print one JSON object')
    .action((options: Options) => verify(context, options));
}

async function verify(context: Context, options: Options): Promise<void> {
  refuseOtherThanId(options.tenant);
  const keys = readKeys(context, options);
  const range = readRange(options);
  const since = options.since === undefined ? null : readCheckpoint(options.since, keys);
  if (options.save !== undefined) refuseUnwritable(options.save);
  const place = options.immudb ? await copyPlace(context) : null;
  const report = await check(context, { tenant: options.tenant, keys, since, range, place });
  if (options.json) context.print(JSON.stringify({ ...report, newest: report.newest?.note ?? null }));
  else for (const line of linesOf(report)) context.print(line);
  if (report.findings.length > 0) process.exitCode = EXIT_CODES.refused;
  if (options.save !== undefined) saveNewest(context, options.save, report);
}

function saveNewest({ say }: Context, file: string, { newest, findings }: Report): void {
  if (newest !== null && findings.length === 0) return writeFileSync(file, newest.note);
  const why = newest === null ? 'no new checkpoint was found' : 'something is wrong';
  say(`Nothing was saved to ${file}: ${why}.`);
}

interface Wanted {
  readonly tenant: string;
  readonly keys: readonly LogKey[];
  readonly since: KeptCheckpoint | null;
  /** Null for as much as `since` leaves. */
  readonly range: EntryRange | null;
  /** Null where there is no second copy, or none is to be looked at. */
  readonly place: ImmudbPlace | null;
}

/** The report on a log, and how many of its entries immudb holds; null where that was not looked at. */
type WholeReport = Report & { readonly copied: number | null };

async function check(context: Context, wanted: Wanted): Promise<WholeReport> {
  const client = new Client({ connectionString: await ownerUrl(context) });
  await client.connect();
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const reader = createLogReader(client, wanted.tenant);
    // Of a log that somebody kept a checkpoint of, nothing that is left is a finding.
    if (wanted.since === null) await refuseUnknown(reader, wanted.tenant);
    const part = await partOf(reader, wanted);
    const report = await checkLog({ ...wanted, ...part, onProgress: createProgress(context.say) });
    if (wanted.place === null) return { ...report, copied: null };
    const copy = { ...wanted, since: part.since, place: wanted.place, reader };
    const { copied, findings } = await compare(context, copy);
    return { ...report, copied, findings: [...report.findings, ...findings] };
  } finally {
    await client.end();
  }
}

async function partOf(reader: LogReader, { since, range, keys, tenant }: Wanted): Promise<RangeOfLog> {
  if (range === null) return { since, reader };
  await refuseBeyond(reader, range, tenant);
  return await rangeOfLog(reader, range, keys);
}

async function compare(
  context: Context,
  { reader, place, tenant, since }: Wanted & { readonly place: ImmudbPlace; readonly reader: LogReader },
): Promise<CopyReport> {
  await using immudb = await openCopy(place, reader);
  const { database } = place;
  const { sealed } = await reader.extent();
  const extent = { sealed, sealedNow: async () => await sealedNow(context, tenant) };
  const asked = { reader, database, immudb, tenantId: tenant, since: since?.size ?? 0, ...extent };
  try {
    return await checkCopy({ ...asked, onProgress: createProgress(context.say) });
  } catch (error) {
    if (!hasCode(error, 'dependency_down')) throw error;
    const what = `immudb does not answer: start it, or leave it out with --no-immudb (${error.message})`;
    throw trouble('failed', what, error);
  }
}

/** By a connection of its own: the one that reads the log sees one moment alone. */
async function sealedNow(context: Context, tenant: string): Promise<number> {
  const client = new Client({ connectionString: await ownerUrl(context) });
  await client.connect();
  try {
    return (await createLogReader(client, tenant).extent()).sealed;
  } finally {
    await client.end();
  }
}

function refuseOtherThanId(tenant: string): void {
  if (!isUuid(tenant)) throw trouble('usage', `--tenant: ${tenant} is no id of a tenant`);
}

function readKeys({ home }: Context, { key, tenant }: Options): readonly LogKey[] {
  const parsed = parseLogKeys(key === undefined ? auditKeysOf(home, tenant).join('\n') : readText(key));
  if ('keys' in parsed) return parsed.keys;
  throw trouble('usage', `--key: line ${parsed.line} is no key of a log (${parsed.rejected})`);
}

function readRange({ from, to, since, save }: Options): EntryRange | null {
  if (from === undefined && to === undefined) return null;
  if (since !== undefined || save !== undefined)
    throw trouble('usage', '--from and --to look at a part: leave --since and --save out');
  const range = { from: readNumber('--from', from), to: readNumber('--to', to) };
  if ((range.from ?? 1) > (range.to ?? Number.MAX_SAFE_INTEGER))
    throw trouble('usage', '--to is an entry before --from');
  return range;
}

function readNumber(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw trouble('usage', `${option}: ${text} is no number of an entry, which begin with 1`);
}

function readCheckpoint(file: string, keys: readonly LogKey[]): KeptCheckpoint {
  const kept = keptCheckpoint(readText(file), keys);
  if (kept !== null) return kept;
  throw trouble(
    'usage',
    `--since: ${file} is no checkpoint that a given key of this log has signed; of one from before a rotation the key of then is needed too`,
  );
}

function linesOf({ entries, checkpoints, newest, copied, findings }: WholeReport): string[] {
  const head = newest === null ? 'no checkpoint' : `newest checkpoint: ${newest.size} entries`;
  return [
    `${entries} entries and ${checkpoints} checkpoints checked, ${head}`,
    ...(copied === null ? [] : [`immudb holds the first ${copied} entries`]),
    ...findings.map(({ kind, subject, detail }) => `${kind.padEnd(19)}${subject}: ${detail}`),
    findings.length === 0 ? 'Nothing is wrong with this log.' : `${findings.length} findings.`,
  ];
}
