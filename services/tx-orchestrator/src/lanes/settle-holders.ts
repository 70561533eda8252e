import { type AttemptId, branded, parseUnits, present, type TxRequestId } from '@ironforge/kernel';
import type { EventData } from '@ironforge/contracts';
import type { DomainEvent, EventMessage } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import {
  type CommandOf,
  type Holder,
  settleNonce,
  type Settlement,
  type SpentNonce,
} from '@ironforge/tx-core';
import { callOf } from '@ironforge/chain-evm';
import type { OrchestratorDeps } from '../deps.ts';
import type { LockedLane } from '../queries/nonce-lanes.ts';
import { copyAttempt, noteFeePaid } from '../queries/tx-attempts.ts';
import type { RequestRow } from '../queries/tx-requests.ts';
import { carryOut } from '../requests/carry-out.ts';
import { adoptedOtherwise } from '../requests/adopted-otherwise.ts';
import { attemptIntent } from '../requests/attempts.ts';
import { minedAfterEnd } from '../requests/mined-after-end.ts';
import { securityEvent } from '../requests/security-events.ts';
import { causeOfNews } from '../requests/tell-request.ts';

/** What the chain shows on a nonce, and the locked requests that were ever offered it. */
export interface NonceNews {
  readonly event: DomainEvent;
  readonly spent: EventData<'chain.nonce_spent'>;
  readonly lane: LockedLane;
  readonly holders: readonly RequestRow[];
  /** True when the nonce was known as spent before. */
  readonly wasSpent: boolean;
}

/**
 * Tells every holder of a nonce what became of it: one has the transaction as its own, the others lost the nonce. Gives the
 * requests that changed, as they stand now.
 */
export async function settleHolders(deps: OrchestratorDeps, tx: Tx, news: NonceNews): Promise<RequestRow[]> {
  const { spent, lane } = news;
  const bound = news.holders.filter(({ state }) => state.boundNonce === spent.nonce);
  const newAttemptId = branded<AttemptId>(deps.newId());
  const holders = bound.flatMap((row) => holdersOf(deps, row));
  const settlements = settleNonce(spentNonce(spent, lane), holders, newAttemptId);
  const changed: RequestRow[] = [];
  for (const settlement of settlements) {
    const row = present(
      bound.find(({ id }) => id === settlement.requestId),
      'a bound request',
    );
    changed.push(await settle(deps, tx, { ...news, row, settlement }));
  }
  deps.outbox.add(tx, spentOutside(deps, news, settlements));
  return changed;
}

/** The attempts whose payload was ever handed out, each with what it does: a cancel is not the payment it takes back. */
function holdersOf(deps: OrchestratorDeps, row: RequestRow): Holder[] {
  const { rules } = deps.chainById(row.chain_id);
  const requestId = branded<TxRequestId>(row.id);
  return row.state.attempts.flatMap(({ id, kind, fence, txHash }) => {
    if (fence === null) return [];
    const intent = attemptIntent(deps, row, { kind, feeCeiling: row.fee_ceiling });
    const effect = { from: row.from_address, ...callOf(rules, intent) };
    return [{ requestId, attemptId: id, fence, effect, txHash }];
  });
}

function spentNonce(spent: NonceNews['spent'], lane: LockedLane): SpentNonce {
  const { nonce, version, depth, tx } = spent;
  if (tx === null) return { nonce, version, depth, tx };
  const { hash: txHash, blockHeight, blockHash, success, to } = tx;
  const value = present(parseUnits(tx.value), 'a value in base units');
  const effect = { from: lane.address, to: to ?? '', value, data: tx.data };
  return { nonce, version, depth, tx: { txHash, blockHeight, blockHash, success, effect } };
}

interface Settling extends NonceNews {
  readonly row: RequestRow;
  readonly settlement: Settlement;
}

async function settle(
  deps: OrchestratorDeps,
  tx: Tx,
  { row, settlement, event, spent }: Settling,
): Promise<RequestRow> {
  const { command } = settlement;
  const cause = causeOfNews(event, row.chain_id);
  const transition = await carryOut(deps, tx, { row, command, cause });
  if ('rejected' in transition || transition.events.length === 0) return row;
  const told = { before: row, transition };
  deps.outbox.add(tx, minedAfterEnd(deps, told, cause));
  deps.outbox.add(tx, await adoptedOtherwise(deps, tx, { ...told, event, spent }));
  if (command.type === 'adopt') noteAdopted(deps, tx, { command, row: transition.row, spent });
  return transition.row;
}

interface Adopted extends Pick<Settling, 'row' | 'spent'> {
  readonly command: CommandOf<'adopt'>;
}

/** What the network took for what was adopted, and its row where it is an attempt that nobody knew. */
function noteAdopted(deps: OrchestratorDeps, tx: Tx, { command, row, spent }: Adopted): void {
  const attempt = row.state.attempts.find(({ txHash }) => txHash === command.tx.txHash);
  if (attempt === undefined || spent.tx === null) return;
  if (attempt.id === command.newAttemptId) {
    const copy = { from: command.attemptId, id: attempt.id, state: attempt.state, txHash: command.tx.txHash };
    copyAttempt(tx, row.tenant_id, { ...copy, leaseId: deps.newId() });
  }
  const feePaid = present(parseUnits(spent.tx.feePaid), 'a fee in base units');
  noteFeePaid(tx, row.tenant_id, { id: attempt.id, feePaid });
}

function spentOutside(
  deps: OrchestratorDeps,
  news: NonceNews,
  settlements: readonly Settlement[],
): EventMessage[] {
  const { event, spent, lane, wasSpent } = news;
  const { depth, tx, chainId, address, nonce } = spent;
  const isOurs = settlements.some(({ command }) => command.type === 'adopt');
  if (isOurs || wasSpent || depth === 'none') return [];
  const requestIds = settlements.map(({ requestId }) => requestId);
  const data = { walletId: lane.walletId, chainId, address, nonce, txHash: tx?.hash ?? null, requestIds };
  const danger = { tenantId: lane.tenantId, cause: causeOfNews(event, chainId), data };
  return [securityEvent(deps, 'security.nonce_spent_outside', danger)];
}
