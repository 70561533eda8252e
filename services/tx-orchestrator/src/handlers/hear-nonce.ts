import { branded, type TxRequestId } from '@ironforge/kernel';
import type { Tx } from '@ironforge/store';
import { hasSignature, type Slot, spentSlot, unspentSlot } from '@ironforge/tx-core';
import type { OrchestratorDeps } from '../deps.ts';
import { closeGap } from '../lanes/gaps.ts';
import { settleHolders } from '../lanes/settle-holders.ts';
import type { LockedLane } from '../queries/nonce-lanes.ts';
import { putSpentSlot, type StoredSlot } from '../queries/nonce-slots.ts';
import type { RequestRow } from '../queries/tx-requests.ts';
import { causeOfNews } from '../requests/tell-request.ts';
import type { Hearing } from './hearing.ts';
import type { News, SpentData } from './news.ts';

/** What the chain shows on a nonce of the lane. */
export interface NonceHeard {
  readonly hearing: Hearing;
  readonly event: News;
  readonly spent: SpentData;
}

/**
 * A nonce of one of our senders was spent, or is free again: whoever was ever offered it learns so. Of two words about one
 * nonce the newer counts.
 */
export async function hearNonce(deps: OrchestratorDeps, tx: Tx, heard: NonceHeard): Promise<void> {
  const { hearing, event, spent } = heard;
  const { lane, slots } = hearing;
  const slot = slots.get(spent.nonce) ?? unknownSlot(spent.nonce);
  if (lane === undefined || slot.spentVersion >= spent.version) return;
  const holders = holdersOf(hearing, spent.nonce);
  const wasSpent = slot.state === 'spent';
  const told = await settleHolders(deps, tx, { event, spent, lane, holders, wasSpent });
  for (const row of told) hearing.rows.set(row.id, row);
  storeSlot(tx, { ...heard, lane, slot, holders });
  hearing.heardNonces.push(spent);
  const cause = causeOfNews(event, lane.chainId);
  const { nonce, depth } = spent;
  if (depth !== 'none') await closeGap(deps, tx, { lane, nonce, filledBy: null, cause, tasks: hearing.gaps });
}

function holdersOf({ holderIds, rows }: Hearing, nonce: number): RequestRow[] {
  return (holderIds.get(nonce) ?? []).flatMap((id) => rows.get(id) ?? []);
}

interface SlotNews extends NonceHeard {
  readonly lane: LockedLane;
  readonly slot: StoredSlot;
  readonly holders: readonly RequestRow[];
}

function storeSlot(tx: Tx, { hearing, lane, slot, holders, spent }: SlotNews): void {
  const { version, depth, tx: mined } = spent;
  const after = depth === 'none' ? unspent(slot, holders) : spentSlot(slot);
  putSpentSlot(tx, lane, { slot: after, version, depth, txHash: mined?.hash ?? null });
  hearing.slots.set(slot.nonce, { ...after, spentVersion: version });
}

function unspent(slot: StoredSlot, holders: readonly RequestRow[]): Slot {
  if (slot.state !== 'spent') return slot;
  const holder = holders.find(({ id }) => slot.requestId === branded<TxRequestId>(id));
  return unspentSlot(slot, holder !== undefined && hasSignature(holder.state));
}

function unknownSlot(nonce: number): StoredSlot {
  const nobody = { requestId: null, leaseId: null, leaseExpiresAtMs: null };
  return { nonce, state: 'free', fence: 0, spentVersion: -1, ...nobody };
}
