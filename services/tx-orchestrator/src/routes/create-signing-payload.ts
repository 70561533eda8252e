import { appError, ROUTES } from '@ironforge/contracts';
import { AppError, present } from '@ironforge/kernel';
import {
  type ApiRequest,
  type BoundRoute,
  bind,
  causeOfRequest,
  type UserCaller,
} from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import { type Command, isTooLate, openOffer } from '@ironforge/tx-core';
import { askPeople, type People } from '../asks/people.ts';
import { askQuote, feeOf, type Quote } from '../asks/quote.ts';
import { askWallet, type Wallet } from '../asks/wallet.ts';
import type { OrchestratorDeps } from '../deps.ts';
import { isWithinCeiling, takeSlot } from '../lanes/take-slot.ts';
import { lockOrMakeLane, type LaneKey } from '../queries/nonce-lanes.ts';
import { findSlot } from '../queries/nonce-slots.ts';
import { findPolicyInForce } from '../queries/policies.ts';
import type { RequestRow } from '../queries/tx-requests.ts';
import { carryOut } from '../requests/carry-out.ts';
import { findVisible, lockVisible } from '../requests/find-visible.ts';
import { peopleBehind, type Present, recheck } from '../requests/recheck.ts';
import { refusal } from '../requests/refusal.ts';
import { showPayload } from '../requests/show-payload.ts';
import { type RequestView, viewOf } from '../requests/view.ts';

const DEFAULT_LEASE_SECONDS = 600;

type Request = ApiRequest<(typeof ROUTES)['createSigningPayload'], UserCaller>;

/** Bind nonce and fees and lease the right to sign; asking again gives the same lease. */
export function createSigningPayload(deps: OrchestratorDeps): BoundRoute {
  return bind(ROUTES.createSigningPayload, async (request) => {
    const { caller, params } = request;
    const view = await deps.store
      .forTenant(caller.tenantId)
      .transaction(async (tx) => await viewOf(tx, await findVisible(tx, caller, params.id)), {
        isolation: 'read committed',
      });
    if (view.row.status !== 'approved') throw refusal('illegal_transition', view.row.status);
    const known = await ask(deps, request, view);
    const lane = laneOf(view.row);
    const answer = await deps.withLane(lane, (tx) => offer(deps, tx, { request, lane, known }));
    return answer instanceof AppError ? answer : { status: 200, body: answer };
  });
}

interface Known {
  readonly people: People;
  readonly wallet: Wallet;
  readonly quote: Quote;
}

async function ask(deps: OrchestratorDeps, { requestId }: Request, view: RequestView): Promise<Known> {
  const { row } = view;
  const tenantId = row.tenant_id;
  const [people, { wallet }, quote] = await Promise.all([
    askPeople(deps, { tenantId, userIds: peopleBehind(view), requestId }),
    askWallet(deps, { tenantId, walletId: row.wallet_id, assetId: row.asset_id, requestId }),
    askQuote(deps, row.intent, requestId),
  ]);
  if (wallet === null || wallet.isWatchOnly) throw appError('wallet_watch_only');
  return { people, wallet, quote };
}

interface Work {
  readonly request: Request;
  readonly lane: LaneKey;
  readonly known: Known;
}

/** A refusal that the request must remember is given back, so that its transaction is kept. */
async function offer(deps: OrchestratorDeps, tx: Tx, { request, lane: key, known }: Work) {
  const { people, wallet, quote } = known;
  const lane = await lockOrMakeLane(tx, key, { walletId: wallet.id, minedCount: quote.minedCount });
  const row = await lockVisible(tx, request.caller, request.params.id);
  if (row.status !== 'approved') throw refusal('illegal_transition', row.status);
  if (isTooLate(row.state, row.now.getTime())) throw refusal('too_late', row.status);
  const view = await viewOf(tx, row);
  const cause = causeOfRequest(request);
  const policy = await findPolicyInForce(tx, row.tenant_id, wallet.policyId);
  const objection = objectionOf({ view, policy, people }, quote);
  if (objection !== null) return await refuse(deps, tx, { row, cause, ...objection });
  if (isStillOpen(row, quote)) return await samePayload(tx, view, key);
  const { leaseSeconds = DEFAULT_LEASE_SECONDS } = request.body;
  const taken = await takeSlot(deps, tx, { row, lane, quote, leaseSeconds, cause });
  if (!('rejected' in taken)) return showPayload(view, taken);
  const error = refusal(taken.rejected, row.status);
  if (taken.rejected !== 'waiting_for_nonce') throw error;
  return await refuse(deps, tx, { row, cause, command: { type: 'delay', reason: taken.rejected }, error });
}

/** A nonce that the chain has spent meanwhile is worth no signature, however long its lease still runs. */
function isStillOpen({ state }: RequestRow, { minedCount }: Quote): boolean {
  const held = openOffer(state, 'original');
  return held !== undefined && held.nonce >= minedCount;
}

interface Objection {
  readonly command: Command | null;
  readonly error: AppError;
}

/** Why no payload is handed out now, and what the request has to remember of it. */
function objectionOf(now: Present, quote: Quote): Objection | null {
  const { row } = now.view;
  const command = recheck(now);
  if (command?.type === 'deny')
    return { command, error: refusal('illegal_transition', 'denied by the policy in force') };
  if (command !== null) return { command, error: appError('quorum_missing') };
  if (openOffer(row.state, 'original') !== undefined) return null;
  if (!isWithinCeiling(row, quote)) {
    return {
      command: null,
      error: appError('fee_above_ceiling', { detail: `the fee is up to ${feeOf(quote)}` }),
    };
  }
  if (hasFunds(row, quote)) return null;
  return { command: { type: 'delay', reason: 'insufficient_funds' }, error: appError('insufficient_funds') };
}

function hasFunds(row: RequestRow, quote: Quote): boolean {
  const isNative = row.intent.assetId.includes('/slip44:');
  const nativeNeeded = feeOf(quote) + (isNative ? row.amount : 0n);
  return quote.nativeBalance >= nativeNeeded && (isNative || quote.assetBalance >= row.amount);
}

async function refuse(
  deps: OrchestratorDeps,
  tx: Tx,
  { command, error, ...order }: Objection & Omit<Parameters<typeof carryOut>[2], 'command'>,
): Promise<AppError> {
  if (command !== null) await carryOut(deps, tx, { ...order, command });
  return error;
}

async function samePayload(tx: Tx, view: RequestView, lane: LaneKey) {
  const offered = present(openOffer(view.row.state, 'original'), 'the offer');
  const attempt = present(
    view.attempts.find(({ id }) => id === offered.id),
    'the attempt of the offer',
  );
  const slot = present(await findSlot(tx, lane, offered.nonce), 'the slot of the offer');
  return showPayload(view, { attempt, slot });
}

function laneOf({ tenant_id, chain_id, from_address }: RequestRow): LaneKey {
  return { tenantId: tenant_id, chainId: chain_id, address: from_address };
}
