import { keyOf, type TreeHead, verifyCheckpoint } from '@ironforge/audit-log';
import type { TenantId } from '@ironforge/kernel';
import type { Tx } from '@ironforge/store';
import { findCheckpoint, findNewestCheckpoint } from '../queries/audit-checkpoints.ts';
import { lastHeadIn } from './last-head.ts';
import type { LogSigners, NamedSigner } from './log-signers.ts';

/** By whose signatures a checkpoint counts: the present key's, or those of the one before it. */
export type HeadSigners = Pick<LogSigners, 'signerOf' | 'previousSignerOf'>;

/** A log, and the keys that may have signed its heads. */
export interface SignedLog {
  readonly tenantId: TenantId;
  readonly signers: HeadSigners;
}

/** The head that the log's key has signed at a size; null when its checkpoint is not there, or is signed by none of the keys: one query. */
export async function findSignedHead(tx: Tx, log: SignedLog, size: number): Promise<TreeHead | null> {
  const head = headIn(log, await findCheckpoint(tx, log.tenantId, size));
  return head?.size === size ? head : null;
}

/** The same of the newest checkpoint. */
export async function findNewestHead(tx: Tx, log: SignedLog): Promise<TreeHead | null> {
  return headIn(log, await findNewestCheckpoint(tx, log.tenantId));
}

function headIn(
  { tenantId, signers }: SignedLog,
  checkpoint: { readonly note: string } | undefined,
): TreeHead | null {
  const note = checkpoint?.note ?? '';
  for (const named of [signers.signerOf(tenantId), signers.previousSignerOf(tenantId)]) {
    const head = named === null ? null : headBy(named, note);
    if (head !== null) return head;
  }
  return null;
}

function headBy({ signer }: NamedSigner, note: string): TreeHead | null {
  const last = lastHeadIn(signer, note);
  if (last !== null) return last;
  const verdict = verifyCheckpoint({ signed: note, logKey: keyOf(signer), witnessKeys: [] });
  return 'checkpoint' in verdict ? verdict.checkpoint : null;
}
