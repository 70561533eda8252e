import { branded, type TenantId } from '@ironforge/kernel';
import { describe, expect, it } from 'vitest';
import { entryWith } from '../entry/entry.fixture.ts';
import type { Entry } from '../entry/entry.ts';
import { readyOnArrival } from './ready-on-arrival.ts';

const NOTHING_KNOWN = {
  events: new Set<string>(),
  versions: new Map<string, number>(),
  waiting: new Set<string>(),
};

describe('readyOnArrival', () => {
  it.each([
    ['a run from the first version on', ['a1', 'a2', 'a3'], {}, ['a1', 'a2', 'a3'], []],
    ['a run in any order', ['a3', 'a1', 'a2'], {}, ['a1', 'a2', 'a3'], []],
    [
      'what follows the last numbered version',
      ['a4', 'a5'],
      { versions: new Map([['a', 3]]) },
      ['a4', 'a5'],
      [],
    ],
    ['nothing behind a missing version', ['a1', 'a3', 'a4', 'b1'], {}, ['a1', 'b1'], ['a3', 'a4']],
    ['a version that comes a second time', ['a1', 'a2'], { versions: new Map([['a', 2]]) }, ['a1', 'a2'], []],
    ['two of one version, and what follows', ['a1', 'a1', 'a2'], {}, ['a1', 'a1', 'a2'], []],
    ['what stands outside an aggregate', ['x0', 'y0'], {}, ['x0', 'y0'], []],
    [
      'nothing of an aggregate of which something waits',
      ['a1', 'b1'],
      { waiting: new Set(['a']) },
      ['b1'],
      ['a1'],
    ],
  ])('numbers %s', (_what, coming, known, ready, left) => {
    expect(placesOf(coming.map(entryAt), known)).toEqual({ ready, left });
  });

  it('orders aggregates by time, and a run by its versions whatever their times', () => {
    const entries = [
      { ...entryAt('a1', 0), occurredAt: new Date(30) },
      { ...entryAt('a2', 1), occurredAt: new Date(10) },
      { ...entryAt('b1', 2), occurredAt: new Date(20) },
    ];
    expect(placesOf(entries, {}).ready).toEqual(['b1', 'a1', 'a2']);
  });

  it('gives an event that has its entry, or comes twice, no second one', () => {
    const [first, second] = [entryAt('x0', 0), entryAt('y0', 1)];
    const { ready, left } = readyOnArrival([first, second, second], {
      ...NOTHING_KNOWN,
      events: new Set([first.eventId]),
    });
    expect([ready.map(({ entry }) => entry), left]).toEqual([[second], []]);
  });

  it('tells the last numbered version of an aggregate with each of its entries', () => {
    const { ready } = readyOnArrival([entryAt('a3', 0), entryAt('a4', 1), entryAt('b1', 2)], {
      ...NOTHING_KNOWN,
      versions: new Map([['a', 2]]),
    });
    expect(ready.map(({ baseVersion }) => baseVersion)).toEqual([2, 2, 0]);
  });
});

/** Aggregate and version of what is ready, in its order, and of what is left. */
function placesOf(entries: readonly Entry[], known: Partial<Parameters<typeof readyOnArrival>[1]>) {
  const { ready, left } = readyOnArrival(entries, { ...NOTHING_KNOWN, ...known });
  const placeOf = ({ aggregate, aggregateVersion }: Entry) => `${aggregate}${aggregateVersion}`;
  return { ready: ready.map(({ entry }) => placeOf(entry)), left: left.map(placeOf) };
}

/** The event of a place such as `a2`: version 2 of the aggregate a; all at one time. */
function entryAt(place: string, index: number): Entry {
  return entryWith(branded<TenantId>('tenant'), {
    eventId: `event-${index}`,
    aggregate: place.slice(0, 1),
    aggregateVersion: Number(place.slice(1)),
  });
}
