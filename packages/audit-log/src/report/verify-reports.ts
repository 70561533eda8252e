import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { type Fields, fieldsOf, hasOnly } from '../bundle/fields.ts';
import { provedWitnesses } from '../bundle/proved-witnesses.ts';
import { readBundle } from '../bundle/read-bundle.ts';
import { type Trust, verifyHead } from '../bundle/trust.ts';
import { canonicalOf } from '../text/canonical-of.ts';
import { sameBytes } from '../tree/hashes.ts';
import { type ReportStatement, verifyReportStatement } from './report-statement.ts';
import type { ReportFlaw, ReportPart, ReportsVerdict, ReportVerdict } from './verdict.ts';

/** True for bytes that are said to be reports about a chain: JSON with a member `reports`. Whether they hold is not asked. */
export function areReports(bytes: Uint8Array): boolean {
  const read = readBundle(bytes);
  return 'bundle' in read && fieldsOf(read.bundle)?.has('reports') === true;
}

/** Checks reports of one log about consecutive blocks of one chain, `{ reports: [{ report, findings, checkpoint }] }`; never throws. */
export function verifyReports(bytes: Uint8Array, trust: Trust): ReportsVerdict {
  const read = readBundle(bytes);
  if ('rejected' in read) return { isProved: false, whole: { rejected: read.rejected }, reports: [] };
  const fields = fieldsOf(read.bundle);
  const list: unknown = fields?.get('reports');
  if (fields === null || !hasOnly(fields, ['reports']) || !Array.isArray(list) || list.length === 0)
    return { isProved: false, whole: { rejected: 'no_reports' }, reports: [] };
  const checked = list.map((one: unknown) => verifyOne(fieldsOf(one), trust));
  const whole = wholeOf(
    checked.flatMap(({ statement }) => statement ?? []),
    checked.length,
  );
  const reports = checked.map(({ verdict }) => verdict);
  return { isProved: 'proved' in whole && reports.every(({ isProved }) => isProved), whole, reports };
}

interface Checked {
  readonly verdict: ReportVerdict;
  readonly statement: ReportStatement | null;
}

function verifyOne(fields: Fields | null, trust: Trust): Checked {
  const [report, checkpoint] = [fields?.get('report'), fields?.get('checkpoint')];
  const isKnown = fields !== null && hasOnly(fields, ['report', 'findings', 'checkpoint']);
  if (!isKnown || typeof report !== 'string' || typeof checkpoint !== 'string') return refused('no_reports');
  const verdict = verifyReportStatement(report, trust.logKeys);
  if ('rejected' in verdict) return refused(verdict.rejected);
  const { statement, signedBy } = verdict;
  const { root: _root, ...told } = statement;
  const parts = {
    report: { proved: { ...told, keyId: signedBy.keyId } },
    findings: findingsPart(fields.get('findings'), statement),
    ...headParts(checkpoint, statement, trust),
  };
  const isProved = ![parts.findings, parts.checkpoint, parts.witnesses].some((part) => 'rejected' in part);
  return { verdict: { isProved, ...parts }, statement };
}

function refused(flaw: ReportFlaw): Checked {
  const open = { unproved: 'stands_on_refused' } as const;
  const verdict = {
    isProved: false,
    report: { rejected: flaw },
    findings: open,
    checkpoint: open,
    witnesses: open,
  };
  return { verdict, statement: null };
}

function findingsPart(value: unknown, { findings, sha256Hex }: ReportStatement): ReportVerdict['findings'] {
  const text = canonicalOf(value);
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  const isSame = text !== null && bytesToHex(sha256(utf8ToBytes(text))) === sha256Hex;
  return isSame && list.length === findings ? { proved: { findings: list } } : { rejected: 'other_findings' };
}

function headParts(
  signed: string,
  { origin, size, root }: ReportStatement,
  trust: Trust,
): Pick<ReportVerdict, 'checkpoint' | 'witnesses'> {
  const logKeys = trust.logKeys.filter(({ name }) => name === origin);
  const head = verifyHead(signed, { ...trust, logKeys });
  const open = { unproved: 'stands_on_refused' } as const;
  if ('rejected' in head) return { checkpoint: head, witnesses: open };
  const { checkpoint } = head;
  if (checkpoint.size !== size || !sameBytes(checkpoint.root, root))
    return { checkpoint: { rejected: 'other_checkpoint' }, witnesses: open };
  return {
    checkpoint: { proved: { origin, keyId: head.signedBy.keyId } },
    witnesses: provedWitnesses(head.cosigned, trust.witnessKeys),
  };
}

/** Of one log and chain, each beginning at the block after the one before. */
function wholeOf(statements: readonly ReportStatement[], count: number): ReportPart<WholeRange> {
  const [first] = statements;
  const last = statements.at(-1);
  if (first === undefined || last === undefined || statements.length < count)
    return { unproved: 'stands_on_refused' };
  const isRow = statements.every((one, at) => {
    const before = statements[at - 1];
    const isOfSame = one.origin === first.origin && one.chainId === first.chainId;
    return isOfSame && (before === undefined || one.from === before.to + 1);
  });
  const findings = statements.reduce((sum, one) => sum + one.findings, 0);
  return isRow
    ? { proved: { chainId: first.chainId, from: first.from, to: last.to, findings } }
    : { rejected: 'blocks_missing' };
}

type WholeRange = Extract<ReportsVerdict['whole'], { readonly proved: unknown }>['proved'];
