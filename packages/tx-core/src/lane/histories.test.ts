import { type AttemptId, branded, type TxRequestId } from '@ironforge/kernel';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { prevailing } from '../request/sighting.ts';
import { isTakenBack, newestSigned, type TxRequest } from '../request/state.ts';
import type { Status } from '../request/status.ts';
import { minedTxs, type Quoted, type SignedTx } from './history-chain.ts';
import { SPED_UP_WITHOUT_BYTES } from './history-found.fixture.ts';
import {
  denyRequest,
  endRequest,
  fillGaps,
  openTasks,
  passTime,
  recount,
  sendWindow,
} from './history-lane.ts';
import { deliver, forget, mineBlock, reorg } from './history-news.ts';
import {
  askPayload,
  askReplacement,
  postSignature,
  selfBroadcast,
  strangerSends,
} from './history-signers.ts';
import { newWorld, type Payload, payeeOf, requestOf, type World } from './history-world.ts';

const REQUESTS = 4;
const HISTORIES = 5_000;

const number = fc.nat(30);
const quoted = fc.constantFrom<Quoted>('present', 'present', 'stale', 'tooHigh');
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('ask' as const), which: number, quote: quoted }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('sign' as const), which: number }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('askAndSign' as const), which: number }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('selfBroadcast' as const), which: number, isOther: fc.boolean() }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('send' as const) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('mine' as const), which: number }) },
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constant('deliver' as const), which: number, isKept: fc.boolean() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('reorg' as const), which: fc.integer({ min: 1, max: 4 }) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('passTime' as const), ms: fc.constantFrom(10, 150) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('replace' as const),
      which: number,
      how: fc.constantFrom('speedUp', 'cancelOnChain'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('forget' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('fillGaps' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('recount' as const), quote: quoted }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('deny' as const), which: number }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), which: number }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('stranger' as const) }) },
);

type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

test(`in ${HISTORIES} histories of signers that vanish, come late, sign twice or broadcast by themselves, with nodes that tell old or impossible counts, no request pays twice, and no gap persists`, () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 20, maxLength: 120, size: 'max' }), fc.nat(), (steps, order) => {
      const world = newWorld(REQUESTS);
      for (const one of steps) {
        take(world, one);
        expect(faultsOf(world)).toEqual([]);
      }
      settle(world, order);
      expectSettled(world);
    }),
    { numRuns: HISTORIES, examples: [[[...SPED_UP_WITHOUT_BYTES], 0]] },
  );
});

type Chore = 'forget' | 'fillGaps' | 'send' | 'stranger';

const CHORES: Readonly<Record<Chore, (world: World) => void>> = {
  forget,
  fillGaps,
  send: sendWindow,
  stranger: strangerSends,
};

function isChore(one: Step): one is Extract<Step, { do: Chore }> {
  return one.do in CHORES;
}

function take(world: World, one: Step): void {
  if (isChore(one)) CHORES[one.do](world);
  else takeWith(world, one);
}

function takeWith(world: World, one: Exclude<Step, { do: Chore }>): void {
  switch (one.do) {
    case 'ask':
      return askPayload(world, anyRequestId(world, one.which), one.quote);
    case 'replace':
      return replace(world, anyRequestId(world, one.which), one.how);
    case 'askAndSign':
      askPayload(world, anyRequestId(world, one.which), 'present');
      return signAsHolder(world, world.payloads.at(-1));
    case 'sign':
      return signAsHolder(world, payloadOf(world, one.which));
    case 'selfBroadcast':
      return withPayload(world, one.which, (payload) => selfBroadcast(world, payload, one.isOther));
    case 'recount':
      return recount(world, one.quote);
    case 'mine':
      return mineBlock(world, one.which);
    case 'deliver':
      return deliver(world, one.which, one.isKept);
    case 'reorg':
      return reorg(world, one.which);
    case 'passTime':
      return passTime(world, one.ms);
    case 'cancel':
      return endRequest(world, requestId(one.which));
    case 'deny':
      return denyRequest(world, requestId(one.which));
  }
}

/** Nobody makes dearer what somebody took back with a signature. */
function replace(world: World, id: TxRequestId, how: 'speedUp' | 'cancelOnChain'): void {
  const wasTakenBack = isTakenBack(requestOf(world, id));
  const isTaken = askReplacement(world, id, how);
  if (how === 'speedUp' && wasTakenBack) expect(isTaken, 'a payment taken back is not sped up').toBe(false);
}

/** A displaced holder is refused, unless these very bytes had been taken before. */
function signAsHolder(world: World, payload: Payload | undefined): void {
  if (payload === undefined) return;
  const wasStored = requestOf(world, payload.requestId).attempts.some(
    ({ txHash }) => txHash === payload.leaseId,
  );
  const isDisplaced = world.slots.get(payload.nonce)?.fence !== payload.fence;
  const isTaken = postSignature(world, payload);
  if (isDisplaced && !wasStored) expect(isTaken, 'a displaced holder is refused').toBe(false);
}

/** What is wrong now, in words; looked at after every step, so it compares and does not assert. */
function faultsOf(world: World): readonly string[] {
  const mined = minedTxs(world.chain);
  return [
    ...twiceSigned(world),
    ...paidTooOften(mined),
    ...[...world.requests.keys()].flatMap(faultsOfRequest),
  ];

  function faultsOfRequest(id: TxRequestId): readonly string[] {
    const { attempts } = requestOf(world, id);
    const own = mined.filter(({ hash }) => attempts.some(({ txHash }) => txHash === hash));
    const unsigned = attempts.filter(({ state }) => state === 'offered');
    return [
      ...(own.length > 1 ? [`${id} paid twice`] : []),
      ...(unsigned.length > 1 ? [`${id} has two payloads to sign`] : []),
    ];
  }
}

function twiceSigned({ signedFor }: World): readonly string[] {
  const twice = [...signedFor].filter(([, requests]) => requests.size > 1);
  return twice.map(([nonce]) => `nonce ${nonce} was signed for two requests`);
}

/** Two requests each pay the same, so one payee may be paid twice. */
function paidTooOften(mined: readonly SignedTx[]): readonly string[] {
  const payees = Array.from({ length: REQUESTS / 2 }, (_, pair) => payeeOf(requestId(2 * pair)));
  const timesPaid = (payee: string) => mined.filter(({ effect }) => effect.to === payee).length;
  return payees.filter((payee) => timesPaid(payee) > 2).map((payee) => `${payee} was paid too often`);
}

/**
 * Signers do what is asked of them and no lease lasts, until no signed bytes wait; then everything in the chain becomes
 * final, and every message arrives, in some order.
 */
function settle(world: World, order: number): void {
  deliverAll(world, order);
  const rounds = 3 * (Math.max(0, ...world.slots.keys()) + 2);
  for (let round = 0; round < rounds && hasWaiting(world); round += 1) work(world, order + round);
  for (let blocks = 0; blocks < 5; blocks += 1) mineBlock(world, Number.MAX_SAFE_INTEGER - 1);
  deliverAll(world, order);
}

function work(world: World, order: number): void {
  passTime(world, 150);
  recount(world, 'present');
  fillGaps(world);
  for (const id of world.requests.keys()) takeBackAnew(world, id);
  for (const { id } of openTasks(world)) askPayload(world, id, 'present');
  for (const payload of world.payloads)
    if (world.gapNonces.has(payload.requestId)) postSignature(world, payload);
  sendWindow(world);
  mineBlock(world, 0);
  deliverAll(world, order);
}

/** A cancel that nobody but its signer holds, and that no block shows any more, is asked for again and signed. */
function takeBackAnew(world: World, id: TxRequestId): void {
  const state = requestOf(world, id);
  if (!isTakenBack(state) || newestSigned(state) !== undefined) return;
  if (!askReplacement(world, id, 'cancelOnChain')) return;
  askPayload(world, id, 'present');
  signAsHolder(
    world,
    world.payloads.findLast(({ requestId: of }) => of === id),
  );
}

function deliverAll(world: World, order: number): void {
  while (world.post.length > 0) deliver(world, order + world.post.length * 7, false);
}

function hasWaiting({ slots }: World): boolean {
  return [...slots.values()].some(({ state }) => state === 'signed');
}

function expectSettled(world: World): void {
  expect(hasWaiting(world), 'no signed bytes wait behind a gap').toBe(false);
  expect(openTasks(world), 'no task outlives its gap').toEqual([]);
  const claimed = [...world.requests].flatMap(([id, state]) => {
    const { winner } = prevailing(state.sightings);
    return winner?.by === 'attempt' ? [{ id, hash: winner.txHash, state, attemptId: winner.attemptId }] : [];
  });
  expect(new Set(claimed.map(({ hash }) => hash)).size, 'one transaction, one request').toBe(claimed.length);
  const mined = minedTxs(world.chain)
    .filter(({ origin }) => origin !== null)
    .map(({ hash }) => hash);
  expect(claimed.map(({ hash }) => hash).toSorted()).toEqual(mined.toSorted());
  for (const { state, attemptId } of claimed) expect(state.status).toBe(endFor(state, attemptId));
}

function endFor({ attempts }: TxRequest, winner: AttemptId): Status {
  const isTakenBack = attempts.some(({ id, kind }) => id === winner && kind === 'cancel');
  return isTakenBack ? 'cancelled' : 'confirmed';
}

function requestId(which: number): TxRequestId {
  return branded<TxRequestId>(`r${which % REQUESTS}`);
}

/** Also one of the system's own tasks. */
function anyRequestId({ requests }: World, which: number): TxRequestId {
  return [...requests.keys()][which % requests.size] ?? requestId(which);
}

function payloadOf(world: World, which: number): Payload | undefined {
  return world.payloads[which % Math.max(world.payloads.length, 1)];
}

function withPayload(world: World, which: number, act: (payload: Payload) => void): void {
  const payload = payloadOf(world, which);
  if (payload !== undefined) act(payload);
}
