import { leafHash, type TreeHead } from '@ironforge/audit-log';
import type { TenantId } from '@ironforge/kernel';
import type { Tx } from '@ironforge/store';
import type { SealedEntry } from '../queries/mined-entries.ts';
import { provenLeaves } from '../seal/proven-leaves.ts';

/** Tells whether the text of an entry is the one that was sealed. */
export type IsSealed = (entry: Pick<SealedEntry, 'sequence' | 'canonical'>) => boolean;

/** Entries, and the head that was signed over them. */
export interface UnderHead {
  readonly entries: readonly SealedEntry[];
  readonly head: TreeHead;
}

/** By the leaves that lead to the signed root, for these entries: one query. What has no leaf was not sealed. */
export async function asSealed(tx: Tx, tenantId: TenantId, { entries, head }: UnderHead): Promise<IsSealed> {
  const numbers = entries.map(({ sequence }) => Number(sequence));
  const leaves = await provenLeaves(tx, tenantId, { numbers, head });
  return ({ sequence, canonical }) =>
    leaves.get(Number(sequence))?.equals(leafHash(Buffer.from(canonical))) ?? false;
}
