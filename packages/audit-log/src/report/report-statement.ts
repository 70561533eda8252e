import type { LogKey } from '../note/keys.ts';
import {
  formatStatement,
  type StatementFlaw,
  type StatementForm,
  verifyStatement,
} from '../note/statement.ts';
import { formatBase64, isCount, isHashHex, parseCount, parseHash } from '../text/encodings.ts';

/** What a log says of a comparison of its entries with a chain. */
export interface ReportStatement {
  readonly origin: string;
  readonly reportId: string;
  /** CAIP-2. */
  readonly chainId: string;
  /** Blocks, both included, and the hash of the last one, by which it is known which chain was seen. */
  readonly from: number;
  readonly to: number;
  readonly lastBlockHash: string;
  /** So many transfers of the chain, and so many states of requests and deposits in the log, were compared. */
  readonly transfers: number;
  readonly entries: number;
  readonly findings: number;
  /** Of the canonical JSON (RFC 8785) of the list of findings. */
  readonly sha256Hex: string;
  /** The tree whose entries were compared. */
  readonly size: number;
  readonly root: Uint8Array;
  /** RFC 3339, UTC. */
  readonly createdAt: string;
  /** Who asked for it: `user:<id>`. */
  readonly createdBy: string;
}

/** A report that a log signed, or why it counts for nothing. */
export type ReportStatementVerdict =
  | { readonly statement: ReportStatement; readonly signedBy: LogKey }
  | { readonly rejected: StatementFlaw };

/** The text of a report, which is what is signed. */
export function formatReportStatement(statement: ReportStatement): string {
  const { origin, reportId, chainId, from, to, lastBlockHash, createdAt, createdBy } = statement;
  return formatStatement(FORM, {
    origin,
    report: reportId,
    chain: chainId,
    blocks: `${from} ${to}`,
    'last-block': lastBlockHash,
    transfers: String(statement.transfers),
    entries: String(statement.entries),
    findings: String(statement.findings),
    sha256: statement.sha256Hex,
    size: String(statement.size),
    root: formatBase64(statement.root),
    created: createdAt,
    by: createdBy,
  });
}

/** Checks that the log of one of these keys signed a report; never throws. */
export function verifyReportStatement(signed: string, logKeys: readonly LogKey[]): ReportStatementVerdict {
  const verdict = verifyStatement(signed, FORM, logKeys);
  if ('rejected' in verdict) return verdict;
  const { valueOf, signedBy } = verdict;
  const [from, to, ...more] = valueOf('blocks').split(' ').map(parseCount);
  const [transfers, entries, findings, size] = (['transfers', 'entries', 'findings', 'size'] as const).map(
    (name) => parseCount(valueOf(name)),
  );
  const [root, sha256Hex] = [parseHash(valueOf('root')), valueOf('sha256')];
  if (!isCount(from) || !isCount(to) || more.length > 0 || from > to) return MALFORMED;
  if (!isCount(transfers) || !isCount(entries) || !isCount(findings) || !isCount(size)) return MALFORMED;
  if (root === null || !isHashHex(sha256Hex)) return MALFORMED;
  const told = { origin: valueOf('origin'), reportId: valueOf('report'), chainId: valueOf('chain') };
  const blocks = { from, to, lastBlockHash: valueOf('last-block') };
  const counted = { transfers, entries, findings, sha256Hex, size, root };
  const made = { createdAt: valueOf('created'), createdBy: valueOf('by') };
  return { statement: { ...told, ...blocks, ...counted, ...made }, signedBy };
}

const MALFORMED = { rejected: 'malformed_statement' } as const;

const NAMES = [
  'report',
  'chain',
  'blocks',
  'last-block',
  'transfers',
  'entries',
  'findings',
  'sha256',
  'size',
  'root',
  'created',
  'by',
] as const;

const FORM: StatementForm<(typeof NAMES)[number]> = { format: 'ironforge/chain-report@v1', names: NAMES };
