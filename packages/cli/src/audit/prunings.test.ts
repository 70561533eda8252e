import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { entryRow } from './entry-row.fixture.ts';
import type { LastVersion } from './log-reader.ts';
import { checkVersions } from './check-versions.ts';
import { followPrunings } from './prunings.ts';

const leafOf = (sequence: number) => createHash('sha256').update(`leaf ${sequence}`).digest();
const hashOf = (numbers: readonly number[]) =>
  createHash('sha256')
    .update(Buffer.concat(numbers.map(leafOf)))
    .digest('hex');

/** Entries 2, 3 and 5 were pruned; entry 8 says so. */
const details = {
  category: 'access',
  month: '2020-01',
  keptDays: 30,
  count: 3,
  ranges: [
    [2, 3],
    [5, 5],
  ],
  leafHashesSha256: hashOf([2, 3, 5]),
  holds: [],
  isMonthGone: true,
};
const textOf = (said: object) => JSON.stringify({ type: 'entries_pruned', details: said });

interface Scene {
  readonly certificates?: readonly { readonly sequence: number; readonly canonical: string }[];
  readonly there?: readonly number[];
  readonly proved?: (sequence: number) => Buffer | null;
  readonly own?: (sequence: number) => Buffer | null;
  readonly since?: number;
}

/** Follows a log of ten entries in two parts. */
function follow(scene: Scene): string[] {
  const { there = [1, 4, 6, 7, 8, 9, 10], proved = leafOf, since = 0 } = scene;
  const { certificates = [{ sequence: 8, canonical: textOf(details) }], own = leafOf } = scene;
  const prunings = followPrunings(certificates, since);
  const parts = [
    { after: since, upTo: 5 },
    { after: 5, upTo: 10 },
  ].map((span) => {
    const numbers = Array.from({ length: span.upTo - span.after }, (_, at) => span.after + at + 1);
    const rows = there.filter((sequence) => numbers.includes(sequence)).map((sequence) => entryRow(sequence));
    return prunings.follow({ span, rows, own: numbers.map(own), proved: numbers.map(proved) });
  });
  return [...parts.flat(), ...prunings.end()].map(({ kind, subject }) => `${kind} ${subject}`);
}

const REFUSED = [
  'certificate_refused entry 8',
  'entry_missing entry 2',
  'entry_missing entry 3',
  'entry_missing entry 5',
];

describe('a deletion certificate', () => {
  it('that was sealed explains what is gone', () => {
    expect(follow({})).toEqual([]);
    const prunings = followPrunings([{ sequence: 8, canonical: textOf(details) }], 0);
    expect([1, 2, 3, 4, 5, 6].filter(prunings.covers)).toEqual([2, 3, 5]);
  });

  it.each([
    ['is of other leaves', { ...details, leafHashesSha256: hashOf([2, 3, 4]) }],
    ['counts more than it names', { ...details, count: 4 }],
    [
      'names numbers out of order',
      {
        ...details,
        ranges: [
          [5, 5],
          [2, 3],
        ],
      },
    ],
    [
      'names a number twice',
      {
        ...details,
        count: 4,
        ranges: [
          [2, 3],
          [3, 3],
          [5, 5],
        ],
      },
    ],
    [
      'names what came after it',
      {
        ...details,
        count: 4,
        ranges: [
          [2, 3],
          [5, 5],
          [9, 9],
        ],
      },
    ],
    ['lacks a field', { ...details, leafHashesSha256: undefined }],
  ])('that %s does not count', (_what, said) => {
    const found = follow({ certificates: [{ sequence: 8, canonical: textOf(said) }] });
    expect(found[0]).toBe('certificate_refused entry 8');
  });

  it('of other leaves leaves what is gone missing', () => {
    const canonical = textOf({ ...details, leafHashesSha256: hashOf([2, 3, 4]) });
    expect(follow({ certificates: [{ sequence: 8, canonical }] })).toEqual(REFUSED);
  });

  it('that is not what was sealed does not count', () => {
    expect(follow({ own: (sequence) => (sequence === 8 ? leafOf(0) : leafOf(sequence)) })).toEqual(REFUSED);
    expect(follow({ proved: (sequence) => (sequence === 8 ? null : leafOf(sequence)) })).toEqual(REFUSED);
  });

  it('does not count where the leaves under its numbers cannot be proved', () => {
    expect(follow({ proved: (sequence) => (sequence === 3 ? null : leafOf(sequence)) })).toEqual(REFUSED);
  });

  it('of an entry that is still there is told', () => {
    expect(follow({ there: [1, 3, 4, 6, 7, 8, 9, 10] })).toEqual(['entry_not_pruned entry 3']);
  });

  it('over what another one covers does not count', () => {
    const again = { ...details, count: 1, ranges: [[3, 3]], leafHashesSha256: hashOf([3]) };
    const certificates = [
      { sequence: 8, canonical: textOf(details) },
      { sequence: 9, canonical: textOf(again) },
    ];
    expect(follow({ certificates })).toEqual(['certificate_refused entry 9']);
  });

  it('of entries before a kept checkpoint was checked before', () => {
    expect(follow({ since: 3, there: [4, 6, 7, 8, 9, 10] })).toEqual([]);
  });
});

describe('versions of an aggregate', () => {
  const prunings = followPrunings([{ sequence: 8, canonical: textOf(details) }], 0);
  const findingsOf = (...rows: readonly (readonly [sequence: number, version: number])[]) => {
    const last = new Map<string, LastVersion>();
    return rows.flatMap(([sequence, version]) =>
      checkVersions(entryRow(sequence, { aggregate_version: version }), last, prunings).map(
        ({ kind }) => kind,
      ),
    );
  };

  it('may miss where as many entries were pruned in between, and nowhere else', () => {
    expect(findingsOf([1, 1], [4, 4], [6, 6], [7, 7])).toEqual([]);
    expect(findingsOf([1, 1], [4, 3], [6, 4])).toEqual([]);
    expect(findingsOf([4, 3])).toEqual([]);
    expect(findingsOf([1, 1], [4, 5])).toEqual(['version_missing']);
    expect(findingsOf([4, 1], [6, 3], [7, 5])).toEqual(['version_missing']);
    expect(findingsOf([6, 1], [7, 1])).toEqual(['version_repeated']);
  });
});
