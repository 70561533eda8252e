import { leafHash } from '@ironforge/audit-log';
import { appError, certificateIn, type DeletionCertificate } from '@ironforge/contracts';
import type { Tx } from '@ironforge/store';
import { type CertificateText, findCertificateTexts } from '../queries/audit-entries.ts';
import { provenLeaves } from '../seal/proven-leaves.ts';
import { findNewestHead, type SignedLog } from '../seal/signed-head.ts';

/**
 * Which of these numbers a sealed certificate covers, of those that rows say were pruned by it: whoever writes to the database can
 * write such a row, and cannot have it sealed. Throws `dependency_down` where a certificate is yet to be sealed.
 */
export async function certifiedNumbers(
  tx: Tx,
  log: SignedLog,
  certificateOf: ReadonlyMap<number, string>,
): Promise<ReadonlySet<number>> {
  const sealed = await sealedCertificates(tx, log, [...new Set(certificateOf.values())]);
  const covered = [...certificateOf].filter(([number, id]) => isCovered(number, sealed.get(id)));
  return new Set(covered.map(([number]) => number));
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
  const sealed = found.filter((one) => isLeaf(one, leaves.get(Number(one.sequence))));
  return new Map(
    sealed.flatMap(({ id, canonical }) => {
      const certificate = certificateIn(canonical ?? '');
      return certificate === null ? [] : [[id, certificate] as const];
    }),
  );
}

function notSealedYet() {
  return appError('dependency_down', { retry: 'later', detail: 'a deletion certificate is not sealed yet' });
}

function isLeaf({ canonical }: CertificateText, leaf: Buffer | undefined): boolean {
  return leaf?.equals(leafHash(Buffer.from(canonical ?? ''))) ?? false;
}

function isCovered(number: number, certificate: DeletionCertificate | undefined): boolean {
  return certificate?.ranges.some(([first, last]) => first <= number && number <= last) ?? false;
}
