import { branded, type TxRequestId } from '@ironforge/kernel';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { prevailing } from '../request/sighting.ts';
import { minedTxs } from './history-chain.ts';
import {
  askPayload,
  deliver,
  effectOf,
  endRequest,
  mineBlock,
  newWorld,
  type Payload,
  passTime,
  postSignature,
  reorg,
  requestOf,
  selfBroadcast,
  sendWindow,
  strangerSends,
  type World,
} from './history-world.ts';

const REQUESTS = 4;
const HISTORIES = 5_000;

const number = fc.nat(30);
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('ask' as const), which: number, isStale: fc.boolean() }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('sign' as const), which: number }) },
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
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), which: number }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('stranger' as const) }) },
);

type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

test(`in ${HISTORIES} histories of signers that vanish, come late, sign twice or broadcast by themselves no request pays twice`, () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 80 }), fc.nat(), (steps, order) => {
      const world = newWorld(REQUESTS);
      for (const one of steps) {
        take(world, one);
        expectSound(world);
      }
      settle(world, order);
      expectSettled(world);
    }),
    { numRuns: HISTORIES },
  );
});

function take(world: World, one: Step): void {
  switch (one.do) {
    case 'ask':
      return askPayload(world, requestId(one.which), one.isStale);
    case 'sign':
      return signAsHolder(world, payloadOf(world, one.which));
    case 'selfBroadcast':
      return withPayload(world, one.which, (payload) => selfBroadcast(world, payload, one.isOther));
    case 'send':
      return sendWindow(world);
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
    case 'stranger':
      return strangerSends(world);
  }
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

function expectSound(world: World): void {
  for (const [nonce, requests] of world.signedFor) {
    expect(requests.size, `nonce ${nonce} was signed for two requests`).toBeLessThanOrEqual(1);
  }
  for (let pair = 0; pair < REQUESTS; pair += 2) {
    const { to } = effectOf(requestId(pair));
    const paid = minedTxs(world.chain).filter(({ effect }) => effect.to === to).length;
    expect(paid, `two requests paid ${paid} times to ${to}`).toBeLessThanOrEqual(2);
  }
  for (const id of world.requests.keys()) {
    const own = minedTxs(world.chain).filter(({ hash }) => isOf(world, id, hash));
    expect(own.length, `${id} paid twice`).toBeLessThanOrEqual(1);
  }
}

/** True for the bytes of an attempt that the request counts as its own. */
function isOf(world: World, id: TxRequestId, hash: string): boolean {
  return requestOf(world, id).attempts.some(({ txHash }) => txHash === hash);
}

/** Everything in the chain becomes final, and every message arrives, in some order. */
function settle(world: World, order: number): void {
  for (let blocks = 0; blocks < 5; blocks += 1) mineBlock(world, Number.MAX_SAFE_INTEGER - 1);
  while (world.post.length > 0) deliver(world, order + world.post.length * 7, false);
}

function expectSettled(world: World): void {
  const claimed = [...world.requests].flatMap(([id, state]) => {
    const { winner } = prevailing(state.sightings);
    return winner?.by === 'attempt' ? [{ id, hash: winner.txHash, status: state.status }] : [];
  });
  expect(new Set(claimed.map(({ hash }) => hash)).size, 'one transaction, one request').toBe(claimed.length);
  const mined = minedTxs(world.chain)
    .filter(({ origin }) => origin !== null)
    .map(({ hash }) => hash);
  expect(claimed.map(({ hash }) => hash).toSorted()).toEqual(mined.toSorted());
  for (const { status } of claimed) expect(status).toBe('confirmed');
}

function requestId(which: number): TxRequestId {
  return branded<TxRequestId>(`r${which % REQUESTS}`);
}

function payloadOf(world: World, which: number): Payload | undefined {
  return world.payloads[which % Math.max(world.payloads.length, 1)];
}

function withPayload(world: World, which: number, act: (payload: Payload) => void): void {
  const payload = payloadOf(world, which);
  if (payload !== undefined) act(payload);
}
