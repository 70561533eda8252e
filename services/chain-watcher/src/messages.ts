import type { BroadcastOutcome } from '@ironforge/chain-core';
import type { Attachment, CommandData, Depth, EventData } from '@ironforge/contracts';
import { assert, branded, present, type TenantId } from '@ironforge/kernel';
import type { Cause, EventMaker, EventMessage } from '@ironforge/service-kit';
import { depositData, type SeenFinal } from './deposit-data.ts';
import { toldRefusal } from './told-refusal.ts';
import type { SpentNonce } from './queries/spent-nonces.ts';
import type { StoredTransaction } from './queries/transactions.ts';
import type { Watch } from './queries/watches.ts';

/** Where a message is written: as seen from this height of the chain. */
export interface Seen {
  readonly chainId: string;
  readonly height: number;
  readonly cause: Cause;
}

/** A balance of a wallet right after a block. */
export interface Observation {
  readonly tenant_id: string;
  readonly wallet_id: string;
  readonly asset_id: string;
  readonly amount: bigint;
  readonly pending: bigint;
  readonly blockHash: string;
  /** The cursor's, so that a newer observation is known by it, also after a reorg. */
  readonly version: number;
}

/** What the watcher says. */
export interface Messages {
  addressWatched(
    seen: Seen,
    watched: { readonly tenantId: string; readonly walletId: string; readonly address: string },
  ): EventMessage;
  balanceObserved(seen: Seen, observation: Observation): EventMessage;
  depositObserved(seen: SeenFinal, deposit: StoredTransaction): EventMessage;
  nonceSpent(seen: Seen, spent: SpentNonce): EventMessage;
  txObserved(seen: Seen, watch: Watch, lane?: LanePlace): EventMessage;
  /** A watch and the nonce of its winner, which changed together. */
  txSpent(seen: Seen, pair: WatchAndNonce): EventMessage;
  /** Several of one sender. */
  txsSpent(seen: Seen, told: SpentByOne): EventMessage;
  txAnswered(seen: Seen, sent: Sent): EventMessage;
  /** All balances of a wallet, or those of these assets alone. */
  readBalances(seen: Seen, wallet: WalletPlace, assetIds?: readonly string[]): EventMessage;
  /** What happened to a chain as a whole, for one tenant. */
  chainNews<T extends ChainNews>(
    tenantId: TenantId,
    news: { readonly type: T; readonly data: EventData<T>; readonly cause: Cause },
  ): EventMessage;
}

/** The events about a chain as a whole. */
export type ChainNews = 'chain.stopped' | 'chain.resumed' | 'chain.went_on';

/** A wallet whose balances are to be read again. */
export interface WalletPlace {
  readonly tenant_id: string;
  readonly wallet_id: string;
  readonly address: string;
}

/** A sender. */
export interface LanePlace {
  readonly chainId: string;
  readonly address: string;
}

/** A payload that was sent, and what the nodes said. */
export interface Sent {
  readonly tenantId: string;
  readonly command: CommandData<'tx_broadcast'>;
  readonly outcome: SendOutcome;
}

/** What became of sending: as the nodes said, or none has any more what one had before. */
export type SendOutcome = BroadcastOutcome | { readonly evicted: true };

/** A watch and the nonce of its winner. */
export interface WatchAndNonce {
  readonly watch: Watch;
  readonly spent: SpentNonce;
}

/** What changed about several payments of one sender. */
export interface SpentByOne {
  readonly tenantId: string;
  readonly address: string;
  readonly pairs: readonly WatchAndNonce[];
}

/** The cause of what a chain shows by itself. */
export function causeOfChain(chainId: string): Cause {
  return { actor: { type: 'chain', id: chainId } };
}

/** Makes the watcher's messages; chain events belong to no aggregate, so each has version 1. */
export function createMessages(events: EventMaker): Messages {
  const told = (tenantId: string, subject: string, { cause }: Seen) => {
    return { tenantId: branded<TenantId>(tenantId), subject, version: 1, cause };
  };
  return {
    addressWatched: (seen, { tenantId, walletId, address }) =>
      events.event('chain.address_watched', {
        ...told(tenantId, walletId, seen),
        data: { walletId, chainId: seen.chainId, address, fromHeight: seen.height },
      }),
    balanceObserved: (seen, observation) =>
      events.event('wallet.balance_observed', {
        ...told(observation.tenant_id, observation.wallet_id, seen),
        data: balanceData(seen, observation),
      }),
    depositObserved: (seen, deposit) =>
      events.event('chain.deposit_observed', {
        ...told(deposit.tenant_id, deposit.id, seen),
        data: depositData(seen, deposit),
      }),
    nonceSpent: (seen, spent) =>
      events.event('chain.nonce_spent', {
        ...told(spent.tenant_id, `${spent.chain_id}/${spent.address}/${spent.nonce}`, seen),
        data: nonceData(seen, spent),
      }),
    txObserved: (seen, watch, lane) =>
      events.event('chain.tx_observed', {
        ...told(watch.tenant_id, watch.tx_request_id, seen),
        data: { ...watchData(seen, watch), ...(lane && { lane }) },
      }),
    ...spentMessages(events, told),
    txAnswered: (seen, sent) =>
      txAnswered(events, seen, { ...sent, told: told(sent.tenantId, sent.command.requestId, seen) }),
    chainNews: (tenantId, { type, data, cause }) =>
      events.event(type, { tenantId, subject: data.chainId, version: 1, cause, data }),
    readBalances: (seen, { tenant_id, wallet_id, address }, assetIds) =>
      events.command('balance_update', {
        ...told(tenant_id, wallet_id, seen),
        queue: 'balance_update.evm',
        data: {
          ...{ walletId: wallet_id, chainId: seen.chainId, address, minHeight: seen.height },
          ...(assetIds && { assetIds: [...assetIds] }),
        },
      }),
  };
}

type TellOf = (tenantId: string, subject: string, seen: Seen) => Told;

function spentMessages(events: EventMaker, told: TellOf): Pick<Messages, 'txSpent' | 'txsSpent'> {
  return {
    txSpent: (seen, pair) =>
      events.event('chain.tx_observed', {
        ...told(pair.watch.tenant_id, pair.watch.tx_request_id, seen),
        data: pairData(seen, pair),
      }),
    txsSpent: (seen, { tenantId, address, pairs }) =>
      events.event('chain.txs_observed', {
        ...told(tenantId, `${seen.chainId}/${address}`, seen),
        data: txsData(seen, { address, pairs }),
      }),
  };
}

function balanceData({ chainId, height }: Seen, observation: Observation) {
  const { wallet_id: walletId, asset_id: assetId, amount, pending, blockHash, version } = observation;
  const amounts = { amount: amount.toString(), pending: pending.toString() };
  return { walletId, chainId, assetId, ...amounts, blockHeight: height, blockHash, version };
}

function nonceData({ height }: Seen, spent: SpentNonce) {
  const { chain_id: chainId, address } = spent;
  const place = { chainId, address, nonce: Number(spent.nonce), version: Number(spent.version), height };
  return {
    ...place,
    depth: depthIn(spent.depth),
    tx: spent.tx_hash === null ? null : spenderOf(spent, spent.tx_hash),
  };
}

function spenderOf(spent: SpentNonce, hash: string) {
  return {
    hash,
    to: spent.to_address,
    value: present(spent.value, 'value').toString(),
    data: present(spent.data, 'data'),
    success: present(spent.success, 'success'),
    ...termsOf(spent),
    feePaid: present(spent.fee_paid, 'fee').toString(),
    blockHeight: Number(present(spent.block_height, 'height')),
    blockHash: present(spent.block_hash, 'block hash'),
  };
}

function termsOf(spent: SpentNonce) {
  return {
    type: present(spent.tx_type, 'type'),
    gasLimit: Number(present(spent.gas_limit, 'gas limit')),
    maxFeePerGas: present(spent.max_fee_per_gas, 'fee cap').toString(),
    maxPriorityFeePerGas: present(spent.max_priority_fee_per_gas, 'tip cap').toString(),
    attachments: present(spent.attachments, 'attachments').map(attachmentIn),
  };
}

function watchData({ height }: Seen, watch: Watch) {
  const { tx_request_id: requestId, winner_attempt_id: attemptId } = watch;
  const winner = attemptId === null ? null : winnerOf(watch, attemptId);
  return { requestId, version: Number(watch.version), winner, depth: depthIn(watch.depth), height };
}

function pairData(seen: Seen, { watch, spent }: WatchAndNonce) {
  return { ...watchData(seen, watch), spent: nonceData(seen, spent) };
}

function txsData(seen: Seen, { address, pairs }: Omit<SpentByOne, 'tenantId'>) {
  const { chainId, height } = seen;
  return { chainId, address, height, observed: pairs.map((pair) => pairData(seen, pair)) };
}

function winnerOf(watch: Watch, attemptId: string) {
  return {
    attemptId,
    txHash: present(watch.winner_tx_hash, 'hash of the winner'),
    blockHeight: Number(present(watch.block_height, 'height of the winner')),
    blockHash: present(watch.block_hash, 'block of the winner'),
    success: present(watch.winner_success, 'success of the winner'),
    feePaid: present(watch.winner_fee_paid, 'fee of the winner').toString(),
  };
}

type Told = Omit<Parameters<EventMaker['event']>[1], 'data'>;

function txAnswered(
  events: EventMaker,
  { height }: Seen,
  sent: Sent & { readonly told: Told },
): EventMessage {
  const { requestId, attemptId, txHash } = sent.command;
  const lane = laneIn(sent.command);
  if ('accepted' in sent.outcome) {
    const data = { requestId, attemptId, txHash, height, lane };
    return events.event('chain.tx_accepted', { ...sent.told, data });
  }
  if ('evicted' in sent.outcome) {
    const data = { requestId, attemptId, reason: 'evicted', detail: EVICTED, height, lane } as const;
    return events.event('chain.tx_refused', { ...sent.told, data });
  }
  const { refused } = sent.outcome;
  const reason = present(toldRefusal(refused), 'a refusal of what was sent');
  const data = { requestId, attemptId, reason, detail: refused.detail.slice(0, 500), height, lane };
  return events.event('chain.tx_refused', { ...sent.told, data });
}

/** The sender that a command names. */
export function laneIn({ chainId, address }: CommandData<'tx_broadcast'>): LanePlace {
  return { chainId, address };
}

const EVICTED = 'no node has it any more; it is sent again';

function attachmentIn(text: string): Attachment {
  assert(text === 'access_list' || text === 'authorization_list' || text === 'blobs', 'an attachment');
  return text;
}

function depthIn(text: string): Depth {
  assert(text === 'none' || text === 'included' || text === 'confirmed' || text === 'finalized', 'a depth');
  return text;
}
