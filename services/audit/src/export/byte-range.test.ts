import { expect, it } from 'vitest';
import { spanOf } from './byte-range.ts';

const file = { etag: '"e"', sizeBytes: 100, ifRange: undefined };

it.each([
  ['bytes=0-', { from: 0, to: 100 }],
  ['bytes=10-19', { from: 10, to: 20 }],
  ['bytes=99-', { from: 99, to: 100 }],
  ['bytes=90-500', { from: 90, to: 100 }],
  ['bytes=-1', { from: 99, to: 100 }],
  ['bytes=-500', { from: 0, to: 100 }],
  ['bytes=100-', 'unsatisfiable'],
  ['bytes=-0', 'unsatisfiable'],
  ['bytes=20-10', 'whole'],
  ['bytes=-', 'whole'],
  ['bytes=0-1,5-6', 'whole'],
  ['lines=0-1', 'whole'],
  [undefined, 'whole'],
])('of a hundred bytes %s is %j', (range, span) => {
  expect(spanOf({ ...file, range })).toEqual(span);
});

it('is of this file or passed over', () => {
  const range = 'bytes=10-';
  expect(spanOf({ ...file, range, ifRange: '"e"' })).toEqual({ from: 10, to: 100 });
  expect(spanOf({ ...file, range, ifRange: '"f"' })).toBe('whole');
  expect(spanOf({ ...file, range, ifRange: 'W/"e"' })).toBe('whole');
});

it('finds nothing in an empty file', () => {
  expect(spanOf({ ...file, sizeBytes: 0, range: 'bytes=0-' })).toBe('unsatisfiable');
  expect(spanOf({ ...file, sizeBytes: 0, range: 'bytes=-5' })).toBe('unsatisfiable');
});
