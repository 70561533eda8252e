import type { TenantId } from '@ironforge/kernel';
import type { Scope, Tx } from '@ironforge/store';
import { monthOf } from '../keep/month.ts';
import { canBeOfMonth, sealedText } from '../keep/sealed-text.ts';
import { sealedLeaves } from '../keep/sealed-leaves.ts';
import { entriesToCopy, type EntryToCopy } from '../queries/audit-entries.ts';
import { prunedNumbers } from '../queries/audit-pruned-entries.ts';

/** This entry is not what was sealed, or is gone and was not pruned: nothing of its log is copied until somebody has looked. */
export interface Altered {
  readonly altered: number;
}

/** What stands at a number: an entry as it was sealed, or the leaf of one that was pruned. */
export type Place = { readonly entry: EntryToCopy } | { readonly prunedLeaf: Buffer };

/** What stands at the numbers that follow one, as of one moment, each compared with its leaf; or the first that is not what was sealed. */
export async function sealedEntries(
  scope: Pick<Scope, 'read'>,
  tenantId: TenantId,
  span: Span,
): Promise<readonly Place[] | Altered> {
  return await scope.read((tx) => readEntries(tx, tenantId, span));
}

/** So many entries after a number. */
interface Span {
  readonly after: bigint;
  readonly limit: number;
}

async function readEntries(
  tx: Tx,
  tenantId: TenantId,
  { after, limit }: Span,
): Promise<readonly Place[] | Altered> {
  const numbers = Array.from({ length: limit }, (_, at) => Number(after) + at + 1);
  const upTo = after + BigInt(limit);
  const [rows, pruned, leaves] = await Promise.all([
    entriesToCopy(tx, tenantId, { after, upTo }),
    prunedNumbers(tx, tenantId, { first: Number(after) + 1, last: Number(upTo) }),
    sealedLeaves(tx, tenantId, numbers),
  ]);
  const entries = new Map(rows.map((row) => [Number(row.sequence), row]));
  const places: Place[] = [];
  for (const number of numbers) {
    const [entry, leaf] = [entries.get(number), leaves.get(number)];
    if (entry !== undefined && isAsSealed(entry, leaf)) places.push({ entry });
    else if (entry === undefined && leaf !== undefined && pruned.has(number))
      places.push({ prunedLeaf: leaf });
    else return { altered: number };
  }
  return places;
}

/** Type and time choose the key that the text is copied under. */
function isAsSealed({ sequence, type, created_at, canonical }: EntryToCopy, leaf: Buffer | undefined) {
  const said = sealedText(canonical, leaf);
  if (said === null) return false;
  const isSame = said.sequence === Number(sequence) && said.type === type;
  return isSame && canBeOfMonth(said, monthOf(created_at).end);
}
