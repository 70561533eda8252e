import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Status } from '../request/status.ts';
import { type Hold, holdAfter, ledgerChange, movesHold } from './hold.ts';
import { bucketAt, fits, type Ledger, oldestBucket, spentAt } from './window.ts';

const HISTORIES = 5_000;
const MS_PER_HOUR = 3_600_000;

test.each([
  ['an hour', 1, 150_000],
  ['a day', 24, 3_600_000],
  ['a week', 168, 25_200_000],
])(
  'a bucket of %s (%i hours) is %i ms long, and 24 of them before the present one count',
  (_, hours, widthMs) => {
    expect(bucketAt(hours, widthMs * 1_000)).toBe(1_000);
    expect(bucketAt(hours, widthMs * 1_000 - 1)).toBe(999);
    expect(oldestBucket(hours, widthMs * 1_000)).toBe(976);
  },
);

test('the last unit fits, and not one more', () => {
  expect(fits({ hours: 1, max: 10n }, 7n, 3n)).toBe(true);
  expect(fits({ hours: 1, max: 10n }, 7n, 4n)).toBe(false);
  expect(fits({ hours: 1, max: 10n }, 12n, 0n)).toBe(false);
});

const OPEN: Hold = { state: 'open' };

test.each<[string, Hold, Status[], Hold]>([
  ['is open while people and signers work', OPEN, ['approved', 'signed', 'broadcasted'], OPEN],
  ['is committed when confirmed', OPEN, ['broadcasted', 'confirmed'], { state: 'committed', bucket: 7 }],
  [
    'stays in its bucket when final',
    { state: 'committed', bucket: 3 },
    ['confirmed'],
    { state: 'committed', bucket: 3 },
  ],
  ['is open again after a reorg', { state: 'committed', bucket: 3 }, ['broadcasted'], OPEN],
  [
    'is committed anew when a reorg confirms it elsewhere in one go',
    { state: 'committed', bucket: 3 },
    ['broadcasted', 'broadcasted', 'confirmed'],
    { state: 'committed', bucket: 7 },
  ],
  ['is taken again when mined after its end', { state: 'released' }, ['broadcasted'], OPEN],
  ['is released when the payment reverted', OPEN, ['broadcasted', 'failed'], { state: 'released' }],
  ['is released when it expired', OPEN, ['expired'], { state: 'released' }],
  ['is released when it was rejected', OPEN, ['rejected'], { state: 'released' }],
  ['is released when it was cancelled', OPEN, ['cancelled'], { state: 'released' }],
])('a hold %s', (_, before, passed, after) => {
  expect(holdAfter(before, passed, 7)).toEqual(after);
});

test('what moves no hold is not looked up', () => {
  expect(movesHold('pending_approval', ['approved'])).toBe(false);
  expect(movesHold('confirmed', ['confirmed'])).toBe(false);
  expect(movesHold('confirmed', ['broadcasted', 'confirmed'])).toBe(true);
  expect(movesHold('approved', ['expired'])).toBe(true);
});

/** What can happen to a request that holds something, as statuses: in one go, since messages may overtake each other. */
const PATHS: readonly (readonly Status[])[] = [
  ['approved'],
  ['signed', 'broadcasted'],
  ['broadcasted'],
  ['broadcasted', 'confirmed'],
  ['confirmed'],
  ['broadcasted', 'broadcasted', 'confirmed'],
  ['broadcasted', 'failed'],
  ['rejected'],
  ['expired'],
  ['cancelled'],
];
const ENDS = new Set<Status>(['confirmed', 'failed', 'rejected', 'expired', 'cancelled']);

const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('submit' as const), amount: fc.bigInt(0n, 60n) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('move' as const),
      which: fc.nat(30),
      path: fc.constantFrom(...PATHS),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('passTime' as const), part: fc.nat(1_300) }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** A request as somebody would note it down who adds everything up anew each time. */
type Noted = { readonly amount: bigint; status: Status; confirmedAtMs: number | null; hold: Hold };

type World = {
  readonly hours: number;
  readonly max: bigint;
  nowMs: number;
  ledger: Ledger;
  readonly notes: Noted[];
};

const anyWindow = fc.record({ hours: fc.constantFrom(1, 7, 24, 720), max: fc.bigInt(0n, 200n) });

test(`in ${HISTORIES} histories what is used is what one adds up by hand, and no span of the hours has more`, () => {
  fc.assert(
    fc.property(anyWindow, fc.array(step, { maxLength: 60 }), (window, steps) => {
      const world: World = {
        ...window,
        nowMs: 1_700_000_000_000,
        ledger: { reserved: 0n, buckets: new Map() },
        notes: [],
      };
      for (const one of steps) {
        take(world, one);
        const spent = spentAt(world.ledger, world.hours, world.nowMs);
        expect(spent).toBe(addedUp(world, wholeBuckets(world)));
        expect(spent).toBeGreaterThanOrEqual(addedUp(world, world.nowMs - world.hours * MS_PER_HOUR));
      }
    }),
    { numRuns: HISTORIES },
  );
});

test(`in ${HISTORIES} histories in which nothing comes back the limit is never exceeded`, () => {
  fc.assert(
    fc.property(anyWindow, fc.array(step, { maxLength: 60 }), (window, steps) => {
      const world: World = {
        ...window,
        nowMs: 1_700_000_000_000,
        ledger: { reserved: 0n, buckets: new Map() },
        notes: [],
      };
      for (const one of steps) {
        if (one.do === 'move' && ENDS.has(noteOf(world, one.which)?.status ?? 'draft')) continue;
        take(world, one);
        expect(spentAt(world.ledger, world.hours, world.nowMs)).toBeLessThanOrEqual(world.max);
      }
    }),
    { numRuns: HISTORIES },
  );
});

function take(world: World, one: Step): void {
  if (one.do === 'passTime') {
    // In thousandths of the window, so that things leave it.
    world.nowMs += Math.floor((one.part * world.hours * MS_PER_HOUR) / 1_000);
    return;
  }
  if (one.do === 'submit') return submit(world, one.amount);
  const note = noteOf(world, one.which);
  if (note !== undefined) move(world, note, one.path);
}

function submit(world: World, amount: bigint): void {
  if (!fits(world, spentAt(world.ledger, world.hours, world.nowMs), amount)) return;
  world.ledger = applied(world.ledger, ledgerChange({ state: 'released' }, OPEN, amount));
  world.notes.push({ amount, status: 'pending_approval', confirmedAtMs: null, hold: OPEN });
}

function move(world: World, note: Noted, path: readonly Status[]): void {
  const after = holdAfter(note.hold, path, bucketAt(world.hours, world.nowMs));
  world.ledger = applied(world.ledger, ledgerChange(note.hold, after, note.amount));
  note.hold = after;
  for (const status of path) {
    if (status === 'confirmed' && note.status !== 'confirmed') note.confirmedAtMs = world.nowMs;
    note.status = status;
  }
}

/** Everything open, and what was confirmed after that moment. */
function addedUp({ notes }: World, sinceMs: number): bigint {
  const counts = ({ status, confirmedAtMs }: Noted) =>
    ENDS.has(status) ? status === 'confirmed' && (confirmedAtMs ?? 0) >= sinceMs : true;
  return notes.filter(counts).reduce((sum, { amount }) => sum + amount, 0n);
}

/** The beginning of the bucket that the window's beginning lies in. */
function wholeBuckets({ hours, nowMs }: World): number {
  const widthMs = (hours * MS_PER_HOUR) / 24;
  const beginMs = nowMs - hours * MS_PER_HOUR;
  return beginMs - (beginMs % widthMs);
}

function noteOf({ notes }: World, which: number): Noted | undefined {
  return notes[which % Math.max(notes.length, 1)];
}

function applied({ reserved, buckets }: Ledger, change: ReturnType<typeof ledgerChange>): Ledger {
  const next = new Map(buckets);
  for (const { bucket, amount } of change.buckets) next.set(bucket, (next.get(bucket) ?? 0n) + amount);
  expect([reserved + change.reserved, ...next.values()].every((amount) => amount >= 0n)).toBe(true);
  return { reserved: reserved + change.reserved, buckets: next };
}
