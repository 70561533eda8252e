import { randomUUID } from 'node:crypto';
import type { EventData, EventType } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import { createEventMaker, type EventMessage } from '@ironforge/service-kit';
import { CHAIN_ID, PAYEE, type World } from './world.fixture.ts';

const maker = createEventMaker({ service: 'chain-watcher', clock: () => new Date(), newId: randomUUID });
const cause = { actor: { type: 'service', id: 'chain-watcher' } } as const;

type News = Extract<EventType, `chain.${string}`>;

/** A message of the watcher. */
export function news<T extends News>(world: World, type: T, data: EventData<T>): EventMessage {
  return maker.event(type, { tenantId: world.tenantId, subject: randomUUID(), version: 1, cause, data });
}

/** Identity tells of a user. */
export function userNews(
  world: World,
  user: EventData<'user.updated'>['user'],
  also: Pick<EventData<'user.updated'>, 'rightsChanged'> = {},
): EventMessage {
  const place = { tenantId: world.tenantId, subject: user.id, version: 1, cause };
  return maker.event('user.updated', { ...place, data: { user, ...also } });
}

/** Publishes messages and waits until each is in the inbox. */
export async function deliver(world: World, ...messages: readonly EventMessage[]): Promise<void> {
  const outcomes = await world.bus.publish(messages);
  if (outcomes.some(({ confirmed }) => !confirmed)) throw new Error('not confirmed');
  const ids = [...new Set(messages.map(({ id }) => id))];
  await waitUntil('the messages to be taken in', async () => {
    const rows = await world.database.query('SELECT message_id FROM inbox WHERE message_id = ANY ($1)', [
      ids,
    ]);
    return rows.length === ids.length;
  });
}

/** A block that a transaction is in. */
function blockOf(height: number, txHash: string) {
  return {
    txHash,
    blockHeight: height,
    blockHash: `0x${height.toString(16).padStart(64, '0')}`,
    success: true,
  };
}

interface Seen {
  readonly version: number;
  readonly depth: EventData<'chain.tx_observed'>['depth'];
  readonly attemptId: string;
  readonly txHash: string;
}

/** What the watch of a request says. */
export function observed(world: World, requestId: string, seen: Seen) {
  return news(world, 'chain.tx_observed', observedData(requestId, seen));
}

function observedData(requestId: string, { version, depth, attemptId, txHash }: Seen) {
  const winner = depth === 'none' ? null : { attemptId, feePaid: '21000', ...blockOf(10, txHash) };
  return { requestId, version, depth, winner, height: 10 + version };
}

type SpentData = EventData<'chain.nonce_spent'>;
type ShownTx = NonNullable<SpentData['tx']>;
type NoncePlace = Pick<SpentData, 'address' | 'nonce' | 'version' | 'depth'>;
type OwnTx = Pick<ShownTx, 'hash' | 'to' | 'value'> & Partial<ShownTx>;

/** The terms of every payload that the played neighbours quote for. */
const OFFERED_TERMS = {
  type: 2,
  gasLimit: 21_000,
  maxFeePerGas: '2000000000',
  maxPriorityFeePerGas: '1000000000',
  attachments: [],
} satisfies Partial<ShownTx>;

/** What the chain shows on a nonce; it was mined on the terms that were offered, unless said otherwise. */
export function spent(world: World, place: NoncePlace, tx: OwnTx | null) {
  return news(world, 'chain.nonce_spent', spentData(place, tx));
}

function spentData(place: NoncePlace, tx: OwnTx | null): SpentData {
  const { txHash: hash, ...block } = blockOf(10, tx?.hash ?? '');
  const mined = tx && {
    ...block,
    ...OFFERED_TERMS,
    data: '0x',
    feePaid: '21000',
    ...tx,
    hash: tx.hash || hash,
  };
  return { chainId: CHAIN_ID, ...place, tx: mined, height: 10 + place.version };
}

/** A payment that was signed, and its attempt. */
export interface SignedPayment {
  readonly id: string;
  readonly attemptId: string;
  readonly txHash: string;
  readonly address: string;
  readonly nonce: number;
}

/** What the watcher says of a payment and of the nonce that it took, in one message. */
export function observedWithNonce(
  world: World,
  payment: SignedPayment,
  seen: Pick<Seen, 'version' | 'depth'>,
) {
  return news(world, 'chain.tx_observed', pairData(payment, seen));
}

/** What the watcher says of several payments of one sender, in one message. */
export function observedTogether(
  world: World,
  payments: readonly SignedPayment[],
  seen: Pick<Seen, 'version' | 'depth'>,
) {
  const lane = { chainId: CHAIN_ID, address: payments[0]?.address ?? '' };
  const observed = payments.map((payment) => pairData(payment, seen));
  return news(world, 'chain.txs_observed', { ...lane, height: 10 + seen.version, observed });
}

function pairData(
  { id, address, nonce, ...attempt }: SignedPayment,
  seen: Pick<Seen, 'version' | 'depth'>,
): EventData<'chain.tx_observed'> {
  const shown = { hash: attempt.txHash, to: PAYEE, value: '5' };
  const data = observedData(id, { ...attempt, ...seen });
  return { ...data, spent: spentData({ address, nonce, ...seen }, shown) };
}

/** The watcher has followed the chain to this height. */
export async function moveHead(world: World, height: number): Promise<void> {
  await world.database.query(
    `INSERT INTO chain_cursors (chain_id, height, hash, block_time, finalized_height, version, status, fence)
     VALUES ($1, $2, '0x00', now(), 0, 1, 'following', 1)
     ON CONFLICT (chain_id) DO UPDATE SET height = excluded.height`,
    [CHAIN_ID, height],
  );
}
