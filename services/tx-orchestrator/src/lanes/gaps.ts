import { branded, type TenantId, type TxRequestId, type UserId, type WalletId } from '@ironforge/kernel';
import type { Cause } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import { gapFillIntent, openGaps } from '@ironforge/tx-core';
import { feeOf, type Quote } from '../asks/quote.ts';
import type { OrchestratorDeps } from '../deps.ts';
import { ALLOWED } from '../policies/judge.ts';
import { findOpenGaps, type OpenGap } from '../queries/gap-fills.ts';
import type { LaneKey, LockedLane } from '../queries/nonce-lanes.ts';
import { findSlotsFrom } from '../queries/nonce-slots.ts';
import { lockRequest } from '../queries/tx-requests.ts';
import { carryOut } from '../requests/carry-out.ts';
import { storeRequest } from '../requests/new-request.ts';

/** Who stands behind a task of the system: nobody. */
const SYSTEM = { userId: branded<UserId>('00000000-0000-0000-0000-000000000000'), apiKeyId: null };
/** What the network may take for a task, as a multiple of today's fee. */
const CEILING_FACTOR = 10n;
const VALIDITY_MS = 30 * 86_400_000;

/** A lane as it is read: which of its nonces no signer has a right to, and no task is for. */
export async function unfilledGaps(tx: Tx, lane: LockedLane, now: Date): Promise<number[]> {
  const slots = await findSlotsFrom(tx, lane, lane.minedCount);
  const open = openGaps({ ...lane, slots }, now.getTime());
  if (open.length === 0) return [];
  const tasks = await findOpenGaps(tx, lane.tenantId, [lane.address]);
  const isFilled = (nonce: number) =>
    tasks.some((task) => task.chainId === lane.chainId && task.nonce === nonce);
  return open.filter((nonce) => !isFilled(nonce));
}

/** A gap of a locked lane, and what it takes to fill it now. */
export interface GapOrder {
  readonly lane: LockedLane;
  readonly nonce: number;
  readonly quote: Quote;
  readonly cause: Cause;
  /** The database's time. */
  readonly now: Date;
}

/** Opens a task that fills a gap: nothing to oneself, approved as it is made, since it moves nothing. */
export async function openGap(deps: OrchestratorDeps, tx: Tx, order: GapOrder): Promise<void> {
  const { lane, nonce, cause, now } = order;
  const intent = intentOf(deps, order);
  const wish = { intent, decimals: deps.chainById(lane.chainId).rules.decimals };
  const extras = { note: null, metadata: {} };
  await storeRequest(deps, tx, {
    wish,
    judgement: ALLOWED,
    simulation: null,
    caller: SYSTEM,
    gapNonce: nonce,
    extras,
    cause,
    now,
  });
  const { tenantId, walletId, chainId, address } = lane;
  const data = { requestId: intent.requestId, walletId, chainId, address, nonce };
  const subject = deps.newId();
  const content = { tenantId: branded<TenantId>(tenantId), subject, version: 1, cause, data };
  deps.outbox.add(tx, [deps.events.event('nonce.gap_opened', content)]);
}

/** Ends the tasks of a lane below its mined count: they have nothing to fill. */
export async function closeFilled(
  deps: OrchestratorDeps,
  tx: Tx,
  { lane, cause }: Pick<GapOrder, 'lane' | 'cause'>,
): Promise<void> {
  const tasks = await findOpenGaps(tx, lane.tenantId, [lane.address]);
  for (const { chainId, nonce } of tasks)
    if (chainId === lane.chainId && nonce < lane.minedCount)
      await closeGap(deps, tx, { lane, nonce, filledBy: null, cause, tasks });
}

/** Ends the task for a nonce that somebody else has filled; one that was signed itself stays. */
export async function closeGap(
  deps: OrchestratorDeps,
  tx: Tx,
  { lane, nonce, filledBy, cause, tasks }: FilledGap,
): Promise<void> {
  const task = tasks.find(
    (one) => one.chainId === lane.chainId && one.nonce === nonce && one.id !== filledBy,
  );
  const row = task && (await lockRequest(tx, lane.tenantId, task.id));
  if (row !== undefined) await carryOut(deps, tx, { row, command: { type: 'cancel' }, cause });
}

/** A nonce that is signed for or spent; `filledBy` is the request that did it, null when it was nobody's. */
export interface FilledGap {
  readonly lane: LaneKey;
  readonly nonce: number;
  readonly filledBy: string | null;
  readonly cause: Cause;
  /** The open tasks of this sender. */
  readonly tasks: readonly OpenGap[];
}

function intentOf({ chainById, newId }: OrchestratorDeps, { lane, quote, now }: GapOrder) {
  const { chainId, nativeAssetId } = chainById(lane.chainId);
  return gapFillIntent({
    requestId: branded<TxRequestId>(newId()),
    tenantId: branded<TenantId>(lane.tenantId),
    walletId: branded<WalletId>(lane.walletId),
    chainId,
    nativeAssetId,
    from: lane.address,
    validUntil: new Date(now.getTime() + VALIDITY_MS).toISOString(),
    feeCeiling: CEILING_FACTOR * feeOf(quote),
  });
}
