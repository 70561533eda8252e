import { branded, type TenantId } from '@ironforge/kernel';
import { describe, expect, it } from 'vitest';
import { cutPart, partEntries } from './cut-part.ts';

const tenantId = branded<TenantId>('25a883b1-0000-4000-8000-000000000001');
const valuesOf = (count: number, text = 'an entry') =>
  Array.from({ length: count }, (_, n) => Buffer.from(`${text} ${n}`));
const endsAt = (...sizes: bigint[]) => sizes.map((size) => ({ size, note: `note of ${size}` }));
const keysOf = ({ entries }: ReturnType<typeof cutPart>) => entries.map(({ key }) => key.toString());

describe('cutPart', () => {
  it('gives a batch under keys in the order of its numbers, and its checkpoint last', () => {
    const values = [Buffer.from('ten'), Buffer.from('eleven')];
    const part = cutPart({ tenantId, after: 9n, values, checkpoints: endsAt(11n) });
    expect(keysOf(part)).toEqual([
      `audit/${tenantId}/entry/0000000000000010`,
      `audit/${tenantId}/entry/0000000000000011`,
      `audit/${tenantId}/checkpoint/0000000000000011`,
    ]);
    expect(part.entries.map(({ value }) => value.toString())).toEqual(['ten', 'eleven', 'note of 11']);
    expect(part.size).toBe(11n);
  });

  it('takes the checkpoints of all batches that are whole in it, and of no other', () => {
    const part = cutPart({ tenantId, after: 9n, values: valuesOf(5), checkpoints: endsAt(11n, 12n, 16n) });
    expect(keysOf(part).slice(4)).toEqual([
      `audit/${tenantId}/entry/0000000000000014`,
      `audit/${tenantId}/checkpoint/0000000000000011`,
      `audit/${tenantId}/checkpoint/0000000000000012`,
    ]);
    expect(part.size).toBe(14n);
  });

  it('fills a transaction to 1,024, and leaves the checkpoint to the last part', () => {
    const values = valuesOf(1_023);
    const whole = cutPart({ tenantId, after: 0n, values, checkpoints: endsAt(1_023n) });
    const first = cutPart({ tenantId, after: 0n, values, checkpoints: endsAt(1_024n) });
    const rest = { after: first.size, values: valuesOf(1), checkpoints: endsAt(1_024n) };
    const last = cutPart({ tenantId, ...rest });
    expect([whole, first, last].map(({ entries }) => entries.length)).toEqual([1_024, 1_023, 2]);
    expect([whole, first, last].map(({ size }) => size)).toEqual([1_023n, 1_023n, 1_024n]);
    expect(keysOf(first).at(-1)).toContain('/entry/0000000000001023');
    expect(keysOf(last)).toEqual([
      `audit/${tenantId}/entry/0000000000001024`,
      `audit/${tenantId}/checkpoint/0000000000001024`,
    ]);
  });

  it('ends a part before it is too large for a transaction', () => {
    const values = valuesOf(10, 'x'.repeat(1_024 * 1_024 - 10));
    const part = cutPart({ tenantId, after: 0n, values, checkpoints: endsAt(2n, 10n) });
    expect([part.size, part.entries.length]).toEqual([4n, 5]);
  });
});

describe('partEntries', () => {
  it.each([
    ['one batch', 0n, endsAt(7n), 7],
    ['what follows the copied ones', 90n, endsAt(100n, 110n), 20],
    ['whole batches, each with its checkpoint', 0n, endsAt(1_000n, 1_022n), 1_022],
    ['fewer batches when one more would not fit', 0n, endsAt(1_000n, 1_023n), 1_000],
    ['as much of a long batch as leaves room', 5n, endsAt(1_100n), 1_023],
    ['many small ones', 0n, endsAt(...Array.from({ length: 600 }, (_, at) => BigInt(at + 1))), 512],
  ])('counts %s', (_, after, checkpoints, count) => {
    expect(partEntries(after, checkpoints)).toBe(count);
  });
});
