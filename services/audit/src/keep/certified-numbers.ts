import { hash } from 'node:crypto';
import { leafHash, type TreeHead } from '@ironforge/audit-log';
import { appError, certificateIn, type DeletionCertificate } from '@ironforge/contracts';
import type { TenantId } from '@ironforge/kernel';
import type { Tx } from '@ironforge/store';
import { type CertificateText, findCertificateTexts } from '../queries/audit-entries.ts';
import { provenLeaves } from '../seal/proven-leaves.ts';
import { findNewestHead, type SignedLog } from '../seal/signed-head.ts';

/**
 * The sealed certificate that covers each of these numbers, of those that rows say were pruned by it: a row alone leaves no trace, a
 * certificate stands in the log for ever (ADR 0049). Throws `dependency_down` where one is yet to be sealed.
 */
export async function certifiedNumbers(
  tx: Tx,
  log: SignedLog,
  certificateOf: ReadonlyMap<number, string>,
): Promise<ReadonlyMap<number, DeletionCertificate>> {
  const sealed = await sealedCertificates(tx, log, [...new Set(certificateOf.values())]);
  return new Map(
    [...certificateOf].flatMap(([number, id]) => {
      const certificate = sealed.get(id);
      return certificate !== undefined && isCovered(number, certificate)
        ? [[number, certificate] as const]
        : [];
    }),
  );
}

async function sealedCertificates(
  tx: Tx,
  log: SignedLog,
  ids: readonly string[],
): Promise<ReadonlyMap<string, DeletionCertificate>> {
  const found = await findCertificateTexts(tx, log.tenantId, ids);
  const head = await findNewestHead(tx, log);
  if (head === null) return new Map();
  if (found.some(({ sequence }) => sequence === null || sequence > head.size)) throw notSealedYet();
  const numbers = found.map(({ sequence }) => Number(sequence));
  const leaves = await provenLeaves(tx, log.tenantId, { numbers, head });
  const counting = new Map<string, DeletionCertificate>();
  for (const one of found) {
    const certificate = certificateIn(one.canonical ?? '');
    if (certificate === null || !isLeaf(one, leaves.get(Number(one.sequence)))) continue;
    if (await isOfTheseLeaves(tx, log.tenantId, { certificate, head })) counting.set(one.id, certificate);
  }
  return counting;
}

/** One certificate is of this many entries at most; what says more is none of ours. */
const MOST_ENTRIES = 10_000;

/** As `audit verify` asks: its hash is the one over the tree's own leaves. */
async function isOfTheseLeaves(
  tx: Tx,
  tenantId: TenantId,
  { certificate, head }: { readonly certificate: DeletionCertificate; readonly head: TreeHead },
): Promise<boolean> {
  const { ranges, count, leafHashesSha256 } = certificate;
  const covered = ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);
  if (covered !== count || covered > MOST_ENTRIES) return false;
  const numbers = ranges.flatMap(([first, last]) =>
    Array.from({ length: last - first + 1 }, (_, index) => first + index),
  );
  const leaves = await provenLeaves(tx, tenantId, { numbers, head });
  return hash('sha256', Buffer.concat([...leaves.values()]), 'hex') === leafHashesSha256;
}

function notSealedYet() {
  return appError('dependency_down', { retry: 'later', detail: 'a deletion certificate is not sealed yet' });
}

function isLeaf({ canonical }: CertificateText, leaf: Buffer | undefined): boolean {
  return leaf?.equals(leafHash(Buffer.from(canonical ?? ''))) ?? false;
}

function isCovered(number: number, { ranges }: DeletionCertificate): boolean {
  return ranges.some(([first, last]) => first <= number && number <= last);
}
