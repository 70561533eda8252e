import { branded, type TxRequestId } from '@ironforge/kernel';
import type { DomainEvent, StateHandler } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import { hasSignature, type Slot, spentSlot, unspentSlot } from '@ironforge/tx-core';
import type { OrchestratorDeps } from '../deps.ts';
import { closeGap } from '../lanes/gaps.ts';
import { sendWindow } from '../lanes/send-window.ts';
import { settleHolders } from '../lanes/settle-holders.ts';
import { lockLane, type LockedLane, updateLane } from '../queries/nonce-lanes.ts';
import { findSlot, putSpentSlot, type StoredSlot } from '../queries/nonce-slots.ts';
import { findHolderIds } from '../queries/tx-attempts.ts';
import { lockRequests, type RequestRow } from '../queries/tx-requests.ts';
import { causeOfNews } from '../requests/tell-request.ts';

type Spent = DomainEvent<'chain.nonce_spent'>;

/**
 * A nonce of one of our senders was spent, or is free again: whoever was ever offered it learns so, and what waited
 * above it is sent. Of two words about one nonce the newer counts.
 */
export function nonceSpent(deps: OrchestratorDeps): StateHandler<'chain.nonce_spent'> {
  return async (tx, event) => {
    const { chainId, address, nonce } = event.data;
    const key = { tenantId: event.tenantid, chainId, address };
    // Sent in this order, so that slot and holders are read behind the lock.
    const [lane, known, holderIds] = await Promise.all([
      lockLane(tx, key),
      findSlot(tx, key, nonce),
      findHolderIds(tx, key, nonce),
    ]);
    if (lane === undefined) return;
    const cause = causeOfNews(event, chainId);
    const slot = known ?? unknownSlot(nonce);
    if (slot.spentVersion >= event.data.version) return;
    const holders = await lockRequests(tx, lane.tenantId, holderIds);
    await settleHolders(deps, tx, { event, lane, holders, wasSpent: slot.state === 'spent' });
    storeSlot(tx, { event, lane, slot, holders });
    if (event.data.depth !== 'none') await closeGap(deps, tx, { lane, nonce, filledBy: null, cause });
    const moved = { ...lane, minedCount: minedCountAfter(lane, event) };
    updateLane(tx, moved);
    await sendWindow(deps, tx, { lane: moved, cause });
  };
}

interface News {
  readonly event: Spent;
  readonly lane: LockedLane;
  readonly slot: StoredSlot;
  readonly holders: readonly RequestRow[];
}

function storeSlot(tx: Tx, { event, lane, slot, holders }: News): void {
  const { version, depth, tx: mined } = event.data;
  const after = depth === 'none' ? unspent(slot, holders) : spentSlot(slot);
  putSpentSlot(tx, lane, { slot: after, version, depth, txHash: mined?.hash ?? null });
}

function unspent(slot: StoredSlot, holders: readonly RequestRow[]): Slot {
  if (slot.state !== 'spent') return slot;
  const holder = holders.find(({ id }) => slot.requestId === branded<TxRequestId>(id));
  return unspentSlot(slot, holder !== undefined && hasSignature(holder.state));
}

/** News of nonces may come in any order, so a spent one only raises the count and a free one only lowers it. */
function minedCountAfter({ minedCount }: LockedLane, { data: { nonce, depth } }: Spent): number {
  return depth === 'none' ? Math.min(minedCount, nonce) : Math.max(minedCount, nonce + 1);
}

function unknownSlot(nonce: number): StoredSlot {
  const nobody = { requestId: null, leaseId: null, leaseExpiresAtMs: null };
  return { nonce, state: 'free', fence: 0, spentVersion: -1, ...nobody };
}
