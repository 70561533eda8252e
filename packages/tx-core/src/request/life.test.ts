import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Event } from './event.ts';
import { evolve, fold } from './evolve.ts';
import { expectedStatus } from './life-model.ts';
import {
  adopt,
  apply,
  approve,
  hasQuorum,
  newWorld,
  observe,
  offer,
  reinstate,
  reject,
  replace,
  sign,
  spendOutside,
  submit,
  suspend,
  tell,
  type World,
} from './life-world.ts';
import type { TxRequest } from './state.ts';
import { DEPTHS, type Status } from './status.ts';

const HISTORIES = 5_000;

/** The arrows of the design, one event long: a block is believed in every state from which a payload may have been handed out. */
const ARROWS: Readonly<Record<Status, readonly Status[]>> = {
  draft: ['pending_approval', 'rejected', 'expired', 'cancelled'],
  pending_approval: ['approved', 'broadcasted', 'rejected', 'expired', 'cancelled'],
  approved: ['pending_approval', 'signed', 'broadcasted', 'rejected', 'expired', 'cancelled'],
  signed: ['broadcasted', 'failed'],
  broadcasted: ['confirmed', 'failed', 'cancelled'],
  confirmed: ['broadcasted'],
  failed: ['broadcasted'],
  cancelled: ['broadcasted'],
  rejected: ['broadcasted'],
  expired: ['broadcasted'],
};

const which = fc.nat(5);
const rarely = fc.nat(5).map((number) => number === 5);
const words = {
  which,
  depth: fc.constantFrom(...DEPTHS),
  version: fc.nat(12),
  success: rarely.map((isRare) => !isRare),
};
const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('submit' as const),
      effect: fc.constantFrom('allow', 'require_approvals', 'require_approvals', 'deny'),
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('approve' as const), which, isOtherHash: rarely }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('suspend' as const), which }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('reinstate' as const), which }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('ask' as const),
      what: fc.constantFrom('cancel', 'deny', 'expire', 'noteStuck'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reject' as const), which }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('offer' as const) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('sign' as const), which, isDisplaced: rarely }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('replace' as const),
      how: fc.constantFrom('speedUp', 'cancelOnChain'),
      needsApproval: rarely,
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('tell' as const),
      what: fc.constantFrom('dispatch', 'dispatch', 'noteAccepted', 'noteRefused', 'displace'),
      which,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('passTime' as const), ms: fc.nat(2_000) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('observe' as const), ...words }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('adopt' as const), ...words }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('spendOutside' as const), ...words }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

test(`in ${HISTORIES} lives a request stands where a clerk says who only notes what was said, signed and seen`, () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 10, maxLength: 60, size: 'max' }), (steps) => {
      const world = newWorld();
      for (const one of steps) {
        const before = { state: world.state, known: world.events.length };
        take(world, one);
        expect(world.state.status).toBe(expectedStatus(world.model));
        expect(world.state.finalized).toBe(world.model.isFinal);
        expect(faultsOf(world, before)).toEqual([]);
      }
      expect(fold(world.events)).toEqual(world.state);
    }),
    { numRuns: HISTORIES },
  );
});

const ASKED = {
  cancel: { type: 'cancel' },
  deny: { type: 'deny', reason: 'policy_denied' },
  expire: { type: 'expire' },
  noteStuck: { type: 'noteStuck' },
} as const;

function take(world: World, one: Step): void {
  switch (one.do) {
    case 'submit':
      return submit(world, one.effect);
    case 'approve':
      return approve(world, one.which, one.isOtherHash);
    case 'reject':
      return reject(world, one.which);
    case 'suspend':
      return suspend(world, one.which);
    case 'reinstate':
      return reinstate(world, one.which);
    case 'ask':
      return void apply(world, ASKED[one.what]);
    case 'offer':
      return offer(world);
    case 'sign':
      return sign(world, one.which, one.isDisplaced);
    case 'replace':
      return replace(world, one.how, one.needsApproval);
    case 'tell':
      return tell(world, one.which, one.what);
    case 'passTime':
      world.nowMs += one.ms;
      return;
    case 'observe':
      return observe(world, one);
    case 'adopt':
      return adopt(world, one);
    case 'spendOutside':
      return spendOutside(world, one);
  }
}

type Before = { readonly state: TxRequest; readonly known: number };

/** What is wrong with the last step, in words. */
function faultsOf(world: World, { state, known }: Before): readonly string[] {
  const events = world.events.slice(known);
  const isApproved = events.some(({ type }) => type === 'approved') && world.needsPeople;
  return [
    ...illegalArrows(state, events),
    ...(isApproved && !hasQuorum(world) ? ['approved without its quorum'] : []),
    ...(hasApprovedTwice(world) ? ['one person approved twice'] : []),
    ...(state.finalized && events.length > 0 ? ['changed after it was final'] : []),
  ];
}

function hasApprovedTwice({ events }: World): boolean {
  const approvals = events
    .filter(({ type }) => type === 'approval_granted')
    .map((event) => JSON.stringify(event));
  return new Set(approvals).size < approvals.length;
}

function illegalArrows(from: TxRequest, events: readonly Event[]): readonly string[] {
  let now = from;
  return events.flatMap((event) => {
    const { status } = now;
    now = evolve(now, event);
    const isLegal = status === now.status || ARROWS[status].includes(now.status);
    return isLegal ? [] : [`${status} → ${now.status} by ${event.type}`];
  });
}
