import { checkpointKey, entryKey, isCopyOf } from '@ironforge/audit-log';
import type { Answer, Immudb } from '@ironforge/immudb';
import { type BeyondCheck, checkBeyond } from './check-beyond.ts';
import { checkUnnoted, type UnnotedCheck } from './check-unnoted.ts';
import { collectFindings } from './collect-findings.ts';
import { copyRefused } from './copy-refused.ts';
import type { Finding } from './finding.ts';
import { leafTiles, storedLeaves } from './leaves.ts';
import type { CopyRow, LogReader, Span } from './log-reader.ts';

/** The second copy of a log, and by what it is compared. */
export interface CopyCheck extends BeyondCheck, UnnotedCheck {
  readonly reader: Pick<LogReader, 'copies' | 'tiles' | 'checkpoints'>;
  /** The name of the database in immudb. */
  readonly database: string;
  readonly immudb: Pick<Immudb, 'state' | 'transaction' | 'get'>;
  /** Entries up to here were compared before; 0 for none. */
  readonly since: number;
}

/** How many entries immudb holds, and everything that is wrong with them. */
export interface CopyReport {
  readonly copied: number;
  readonly findings: readonly Finding[];
}

/**
 * Compares the tree with its copy in immudb, transaction by transaction, each read whole and proved from the kept state by the pinned key. What
 * is sealed and not copied yet is no finding: the copy follows; what is copied and not in the log, noted or not, is one. Throws `dependency_down` while immudb is away.
 */
export async function checkCopy(check: CopyCheck): Promise<CopyReport> {
  const { immudb, database, reader, since, onProgress } = check;
  const rows = await reader.copies(database);
  const copied = rows.at(-1)?.size ?? 0;
  const refused = refusalOf(await immudb.state(), `database ${database}`);
  if (refused.length > 0) return { copied, findings: refused };
  const findings = collectFindings();
  let after = 0;
  for (const row of rows) {
    const span = { after: Math.max(after, since), upTo: row.size };
    after = row.size;
    if (span.after >= span.upTo) continue;
    findings.add(await checkBatch(check, row, span));
    onProgress(after, copied);
  }
  findings.add(await checkUnnoted(check, copied));
  findings.add(await checkBeyond(check, copied));
  return { copied, findings: findings.all() };
}

async function checkBatch(check: CopyCheck, row: CopyRow, span: Span): Promise<Finding[]> {
  const subject = `entries ${span.after + 1} to ${span.upTo}`;
  const told = await check.immudb.transaction(row.tx_id);
  if ('refused' in told) return refusalOf(told, subject);
  const { tx, entries } = told.verified;
  const values = new Map(entries.map(({ key, value }) => [key.toString('latin1'), value]));
  const wanted = await wantedIn(check, span);
  const findings: Finding[] = [];
  if (tx.txHash !== row.tx_hash)
    findings.push({
      kind: 'copy_differs',
      subject,
      detail: `transaction ${row.tx_id} is another than was noted`,
    });
  for (const { key, ...one } of wanted) {
    const value = values.get(key);
    findings.push(
      ...(value === undefined ? await checkElsewhere(check, { key, ...one }) : compare(one, value)),
    );
  }
  return findings;
}

/** What has to be in a copy, under which key. */
interface Wanted {
  readonly key: string;
  readonly subject: string;
  readonly isSame: (value: Buffer) => boolean;
}

async function wantedIn({ reader, tenantId }: CopyCheck, span: Span): Promise<Wanted[]> {
  const leaves = storedLeaves(await reader.tiles(leafTiles(span)), span);
  const entries = leaves.flatMap((leaf, at) => {
    const number = span.after + at + 1;
    // A leaf that is not there is told of the tree.
    if (leaf === null) return [];
    const isSame = (value: Buffer) => isCopyOf(value, leaf);
    return [{ key: entryKey(tenantId, BigInt(number)), subject: `entry ${number}`, isSame }];
  });
  const checkpoints = (await reader.checkpoints(span)).map(({ size, note }) => {
    const isSame = (value: Buffer) => value.equals(Buffer.from(note));
    return { key: checkpointKey(tenantId, BigInt(size)), subject: `checkpoint ${size}`, isSame };
  });
  return [...entries, ...checkpoints];
}

/** A release before this one may have written a part of a batch by another transaction. */
async function checkElsewhere({ immudb }: CopyCheck, wanted: Wanted): Promise<Finding[]> {
  const { key, subject } = wanted;
  const told = await immudb.get(Buffer.from(key));
  if ('refused' in told) return refusalOf(told, subject);
  if (told.verified === null)
    return [{ kind: 'copy_missing', subject, detail: 'is noted as copied, and immudb does not have it' }];
  return compare(wanted, told.verified.value);
}

function compare({ subject, isSame }: Omit<Wanted, 'key'>, value: Buffer): Finding[] {
  if (isSame(value)) return [];
  return [{ kind: 'copy_differs', subject, detail: 'immudb proves another one than the log has' }];
}

function refusalOf(answer: Answer<unknown>, subject: string): Finding[] {
  return 'refused' in answer ? [copyRefused(answer.refused, subject)] : [];
}
