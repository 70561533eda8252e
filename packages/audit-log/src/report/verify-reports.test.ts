import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import canonicalize from 'canonicalize';
import { expect, it } from 'vitest';
import { logOf, witness } from '../bundle/log.fixture.ts';
import { parseCheckpoint } from '../note/checkpoint.ts';
import { keyOf } from '../note/keys.ts';
import { formatNote } from '../note/note.ts';
import { signNote } from '../note/sign-note.ts';
import { obviousRoot } from '../tree/obvious-tree.fixture.ts';
import { formatReportStatement, type ReportStatement } from './report-statement.ts';
import { tellReports } from './tell-reports.ts';
import { areReports, verifyReports } from './verify-reports.ts';

const log = logOf('tenant-a', 7);
const other = logOf('tenant-b', 7);
const trust = { logKeys: [log.key, other.key], witnessKeys: [], since: null };
const FINDING = { kind: 'transfer_without_entry', height: 7, transfer: '0xab', entry: null };

function reportOf(from: number, to: number, { findings = [FINDING], by = log, said = {} }: Made = {}) {
  const statement: ReportStatement = {
    ...{ origin: by.signer.name, reportId: 'r1', chainId: 'eip155:1', from, to, lastBlockHash: '0xcd' },
    ...{ transfers: 4, entries: 3, findings: findings.length },
    sha256Hex: bytesToHex(sha256(utf8ToBytes(canonicalize(findings) ?? ''))),
    ...{ size: 40, root: obviousRoot(by.leaves.slice(0, 40)) },
    ...{ createdAt: '2026-01-02T03:04:05.678Z', createdBy: 'user:u1', ...said },
  };
  const text = formatReportStatement(statement);
  const report = formatNote({ text, signatures: [signNote(text, by.signer)] });
  return { report, findings, checkpoint: by.noteOf(40) };
}

interface Made {
  readonly findings?: readonly object[];
  readonly by?: ReturnType<typeof logOf>;
  readonly said?: Partial<ReportStatement>;
}

function judged(reports: readonly object[], keys = trust) {
  return verifyReports(utf8ToBytes(JSON.stringify({ reports })), keys);
}

const rows = [reportOf(1, 10), reportOf(11, 20, { findings: [] })];

it('is proved by the key alone, with its findings told', () => {
  const verdict = judged(rows);
  expect(verdict).toMatchObject({ isProved: true, whole: { proved: { from: 1, to: 20, findings: 1 } } });
  const { parts, sentence } = tellReports(verdict);
  expect(parts.find(({ name }) => name === 'finding')?.text).toContain('transfer_without_entry');
  expect(sentence).toMatch(
    /1 findings\. That chain and entries were compared as they are is the word of its key/,
  );
});

it('tells how many of its findings are entries that were pruned', () => {
  const sentenceOf = (...findings: object[]) => tellReports(judged([reportOf(1, 10, { findings })])).sentence;
  const pruned = { ...FINDING, kind: 'entry_pruned', entry: { id: 'e1', sequence: 3 } };
  expect(sentenceOf(pruned, FINDING)).toContain('2 findings, 1 of them entries that were pruned. That');
  expect(sentenceOf(FINDING)).not.toContain('pruned');
});

it('is refused with any character of it changed', () => {
  // A signature by a key that is not given is passed over, so the witness's key is given.
  const seen = { ...trust, witnessKeys: [keyOf(witness)] };
  const text = JSON.stringify({ reports: [reportOf(1, 10)] });
  const at = (place: number) =>
    `${text.slice(0, place)}${text[place] === 'x' ? 'y' : 'x'}${text.slice(place + 1)}`;
  for (const place of text.split('').keys()) {
    expect(verifyReports(utf8ToBytes(at(place)), seen).isProved).toBe(false);
  }
});

const [first = {}, second = {}] = rows;

it.each([
  ['a finding left out', [{ ...first, findings: [] }], 'other_findings'],
  ['a finding put in', [{ ...first, findings: [FINDING, FINDING] }], 'other_findings'],
  ['blocks between two reports', [reportOf(1, 10), reportOf(12, 20)], 'blocks_missing'],
  ['reports in another order', [second, first], 'blocks_missing'],
  ['reports of two tenants', [first, reportOf(11, 20, { by: other })], 'blocks_missing'],
  ['another checkpoint', [{ ...first, checkpoint: log.noteOf(41) }], 'other_checkpoint'],
  ['the checkpoint of another log', [{ ...first, checkpoint: other.noteOf(40) }], 'other_origin'],
  ['another key', [reportOf(1, 10, { by: logOf('tenant-a', 9) })], 'no_known_signature'],
  ['a checkpoint for a report', [{ ...first, report: log.noteOf(40) }], 'other_statement'],
  ['a member that nobody checks', [{ ...first, remark: 'x' }], 'no_reports'],
  ['no report', [], 'no_reports'],
])('is refused with %s', (_, reports, flaw) => {
  const verdict = judged(reports);
  expect(verdict.isProved).toBe(false);
  expect(JSON.stringify(verdict)).toContain(`"rejected":"${flaw}"`);
});

it('can be taken for no checkpoint, and is known from a bundle', () => {
  const text = (reportOf(1, 10).report.split('\n\n')[0] ?? '') + '\n';
  expect(parseCheckpoint(text)).toEqual({ rejected: 'malformed_size' });
  expect(areReports(utf8ToBytes('{"reports":[]}'))).toBe(true);
  expect(areReports(utf8ToBytes('{"entry":{}}'))).toBe(false);
});
