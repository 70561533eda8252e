import { createHash, type Hash } from 'node:crypto';
import { type DeletionCertificate, deletionCertificate } from '@ironforge/contracts';
import { z } from 'zod';
import type { Finding } from './finding.ts';
import type { Leaves } from './leaves.ts';
import type { CertificateRow, EntryRow, Span } from './log-reader.ts';

/** What deletion certificates say was pruned, followed beside the log: each counts once the log was seen to have sealed it. */
export interface Prunings {
  readonly covers: (sequence: number) => boolean;
  /** How many numbers between two, both left out, are covered. */
  readonly countBetween: (after: number, before: number) => number;
  /** Takes in a part of the log: the entries that are there, and the leaves that were proved. */
  readonly follow: (part: FollowedPart) => Finding[];
  /** Certificates that do not count, and the entries that only they explain. */
  readonly end: () => Finding[];
}

/** Entries of a span, and their leaves as far as they lead to a signed root. */
export interface FollowedPart {
  readonly span: Span;
  readonly rows: readonly EntryRow[];
  /** As their texts make the leaves. */
  readonly own: Leaves;
  readonly proved: Leaves;
}

/** Reads the certificates of a log; those up to `since` were checked before, and are taken as they are. */
export function followPrunings(rows: readonly CertificateRow[], since: number): Prunings {
  const parsed = rows.map((row) => parse(row, since));
  const runs = inOrder(parsed);
  const runOf = (sequence: number) => {
    const run = runs[indexUpTo(runs, sequence)];
    return run !== undefined && run.last >= sequence ? run : undefined;
  };
  const countUpTo = (sequence: number) => {
    const run = runs[indexUpTo(runs, sequence)];
    return run === undefined ? 0 : run.before + Math.min(sequence, run.last) - run.first + 1;
  };
  const bySequence = new Map(parsed.map((one) => [one.sequence, one]));
  return {
    covers: (sequence) => runOf(sequence) !== undefined,
    countBetween: (after, before) => countUpTo(before - 1) - countUpTo(after),
    follow: ({ span, rows: present, own, proved }) => {
      const there = new Set(present.map(({ sequence }) => sequence));
      const findings: Finding[] = [];
      for (let at = 0; at < span.upTo - span.after; at += 1) {
        const sequence = span.after + at + 1;
        const run = runOf(sequence);
        if (run !== undefined)
          takeIn(run.of, { sequence, leaf: proved[at] ?? null, isThere: there.has(sequence) });
        if (run !== undefined && there.has(sequence)) findings.push(notPruned(sequence, run.of));
        const certificate = bySequence.get(sequence);
        if (certificate !== undefined) settle(certificate, isSame(own[at], proved[at]));
      }
      return findings;
    },
    end: () => parsed.flatMap(refusalOf),
  };
}

/** A certificate, and what was seen of the entries that it covers. */
interface Followed {
  readonly sequence: number;
  readonly certificate: DeletionCertificate | null;
  readonly isChecked: boolean;
  readonly hash: Hash;
  readonly missing: number[];
  flaw: string | null;
}

interface Run {
  readonly first: number;
  readonly last: number;
  /** How many numbers are covered by the runs before. */
  readonly before: number;
  readonly of: Followed;
}

const Said = z.object({ type: z.literal('entries_pruned'), details: deletionCertificate });

function parse({ sequence, canonical }: CertificateRow, since: number): Followed {
  const certificate = readCertificate(canonical);
  const first = certificate?.ranges[0]?.[0] ?? 0;
  return {
    sequence,
    certificate,
    isChecked: sequence > since && first > since,
    hash: createHash('sha256'),
    missing: [],
    flaw: certificate === null ? 'is no deletion certificate' : flawOf(certificate, sequence),
  };
}

function readCertificate(text: string): DeletionCertificate | null {
  try {
    return Said.safeParse(JSON.parse(text)).data?.details ?? null;
  } catch {
    return null;
  }
}

function flawOf({ ranges, count }: DeletionCertificate, sequence: number): string | null {
  const isAscending = ranges.every(
    ([first, last], at) => first <= last && first > (ranges[at - 1]?.[1] ?? 0),
  );
  if (!isAscending) return 'its numbers are out of order';
  if ((ranges.at(-1)?.[1] ?? 0) >= sequence) return 'covers entries that came after it';
  const covered = ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);
  return covered === count ? null : `covers ${covered} entries, and says ${count}`;
}

/** The runs of all certificates that can be read; where two overlap, the later certificate does not count. */
function inOrder(all: readonly Followed[]): Run[] {
  const runs = all
    .flatMap((of) => (of.flaw === null ? (of.certificate?.ranges ?? []) : []).map((range) => ({ range, of })))
    .toSorted((a, b) => a.range[0] - b.range[0] || a.of.sequence - b.of.sequence);
  const ordered: Run[] = [];
  for (const { range, of } of runs) {
    const [first, last] = range;
    const previous = ordered.at(-1);
    const before = previous === undefined ? 0 : previous.before + previous.last - previous.first + 1;
    if (previous !== undefined && previous.last >= first) of.flaw = 'covers what another one covers';
    else ordered.push({ first, last, before, of });
  }
  return ordered;
}

/** The place of the last run that begins at or before a number; -1 when there is none. */
function indexUpTo(runs: readonly Run[], sequence: number): number {
  let [low, high] = [0, runs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((runs[middle]?.first ?? 0) <= sequence) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

interface Seen {
  readonly sequence: number;
  readonly leaf: Uint8Array | null;
  readonly isThere: boolean;
}

function takeIn(of: Followed, { sequence, leaf, isThere }: Seen): void {
  if (!isThere) of.missing.push(sequence);
  if (leaf === null) of.flaw ??= `entry ${sequence} cannot be proved`;
  else of.hash.update(leaf);
}

/** Comes by after everything that it covers: the hash over their leaves is whole. */
function settle(of: Followed, isSealed: boolean): void {
  if (!isSealed) of.flaw ??= 'is not what was sealed';
  if (!of.isChecked || of.certificate === null) return;
  if (of.hash.digest('hex') !== of.certificate.leafHashesSha256)
    of.flaw ??= 'is of other entries than those that were sealed under these numbers';
}

function isSame(own: Uint8Array | null | undefined, proved: Uint8Array | null | undefined): boolean {
  return own != null && proved != null && Buffer.compare(own, proved) === 0;
}

function notPruned(sequence: number, { sequence: by }: Followed): Finding {
  const detail = `is still there, and entry ${by} certifies that it was pruned`;
  return { kind: 'entry_not_pruned', subject: `entry ${sequence}`, detail };
}

function refusalOf({ flaw, sequence, missing }: Followed): Finding[] {
  if (flaw === null) return [];
  const refused: Finding = { kind: 'certificate_refused', subject: `entry ${sequence}`, detail: flaw };
  const detail = `is not there, and the certificate that covers it (entry ${sequence}) does not count`;
  return [
    refused,
    ...missing.map((number): Finding => ({ kind: 'entry_missing', subject: `entry ${number}`, detail })),
  ];
}
