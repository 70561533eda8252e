import { coveredRuns, type CoveredRuns } from './covered-runs.ts';
import type { Finding } from './finding.ts';
import { isSame } from './grow-tree.ts';
import type { Leaves } from './leaves.ts';
import type { CertificateRow, EntryRow, Span } from './log-reader.ts';
import { type FollowedCertificate, readCertificate } from './read-certificate.ts';

/** What deletion certificates say was pruned, followed beside the log: each counts once the log was seen, or proved, to have sealed it. */
export interface Prunings extends Pick<CoveredRuns, 'countBetween'> {
  readonly covers: (sequence: number) => boolean;
  /** Takes in a part of the log; finds what is still there. */
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

/** Reads the certificates of a log; those up to `since` were checked before, and are taken as they are; the unproved ones do not count. */
export function followPrunings(
  rows: readonly CertificateRow[],
  since: number,
  unproved: ReadonlySet<number> = new Set(),
): Prunings {
  const certificates = rows.map((row) => readCertificate(row, since));
  for (const one of certificates.filter(({ sequence }) => unproved.has(sequence)))
    one.flaw ??= 'no checkpoint that a given key has signed proves that it was sealed';
  const { runOf, countBetween } = coveredRuns(certificates);
  const bySequence = new Map(certificates.map((one) => [one.sequence, one]));
  return {
    countBetween,
    covers: (sequence) => runOf(sequence) !== undefined,
    follow: (part) =>
      seenIn(part).flatMap((seen) => {
        const by = runOf(seen.sequence)?.of;
        if (by !== undefined) takeIn(by, seen);
        settle(bySequence.get(seen.sequence), seen);
        return by !== undefined && seen.isThere ? [notPruned(seen, by)] : [];
      }),
    end: () => certificates.flatMap(refusalOf),
  };
}

/** What came by under one number. */
interface Seen {
  readonly sequence: number;
  readonly isThere: boolean;
  readonly own: Uint8Array | null;
  readonly proved: Uint8Array | null;
}

function seenIn({ span, rows, own, proved }: FollowedPart): Seen[] {
  const there = new Set(rows.map(({ sequence }) => sequence));
  return own.map((leaf, at) => {
    const sequence = span.after + at + 1;
    return { sequence, isThere: there.has(sequence), own: leaf, proved: proved[at] ?? null };
  });
}

function takeIn(by: FollowedCertificate, { sequence, isThere, proved }: Seen): void {
  if (!isThere) by.missing.push(sequence);
  if (proved === null) by.flaw ??= `entry ${sequence} cannot be proved`;
  else by.hash.update(proved);
}

/** A certificate comes by after everything that it covers: the hash over those leaves is whole. */
function settle(certificate: FollowedCertificate | undefined, { own, proved }: Seen): void {
  if (certificate === undefined) return;
  if (own === null || proved === null || !isSame(own, proved)) certificate.flaw ??= 'is not what was sealed';
  if (!certificate.isChecked || certificate.certificate === null) return;
  if (certificate.hash.digest('hex') !== certificate.certificate.leafHashesSha256)
    certificate.flaw ??= 'is of other entries than those that were sealed under these numbers';
}

function notPruned({ sequence }: Seen, { sequence: by }: FollowedCertificate): Finding {
  const detail = `is still there, and entry ${by} certifies that it was pruned`;
  return { kind: 'entry_not_pruned', subject: `entry ${sequence}`, detail };
}

function refusalOf({ flaw, sequence, missing }: FollowedCertificate): Finding[] {
  if (flaw === null) return [];
  const refused: Finding = { kind: 'certificate_refused', subject: `entry ${sequence}`, detail: flaw };
  const detail = `is not there, and the certificate that covers it (entry ${sequence}) does not count`;
  return [
    refused,
    ...missing.map((number): Finding => ({ kind: 'entry_missing', subject: `entry ${number}`, detail })),
  ];
}
