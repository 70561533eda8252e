import { createHash, type Hash } from 'node:crypto';
import { certificateIn, type DeletionCertificate } from '@ironforge/contracts';
import type { CertificateRow } from './log-reader.ts';

/** A deletion certificate, and what was seen of the entries that it covers. */
export interface FollowedCertificate {
  readonly sequence: number;
  /** Null for what is none. */
  readonly certificate: DeletionCertificate | null;
  /** Whether all that it covers comes by. */
  readonly isChecked: boolean;
  /** Over the leaves that came by. */
  readonly hash: Hash;
  /** Of the entries that it covers, those that are gone. */
  readonly missing: number[];
  /** Why it does not count; null while nothing speaks against it. */
  flaw: string | null;
}

/** Reads a certificate; of one whose entries do not come by after `since`, the hash over them is not checked. */
export function readCertificate({ sequence, canonical }: CertificateRow, since: number): FollowedCertificate {
  const certificate = certificateIn(canonical);
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

function flawOf({ ranges, count }: DeletionCertificate, sequence: number): string | null {
  const isAscending = ranges.every(
    ([first, last], at) => first <= last && first > (ranges[at - 1]?.[1] ?? 0),
  );
  if (!isAscending) return 'its numbers are out of order';
  if ((ranges.at(-1)?.[1] ?? 0) >= sequence) return 'covers entries that came after it';
  const covered = ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);
  return covered === count ? null : `covers ${covered} entries, and says ${count}`;
}
