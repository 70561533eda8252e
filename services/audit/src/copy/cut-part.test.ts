import { branded, type TenantId } from '@ironforge/kernel';
import { describe, expect, it } from 'vitest';
import { cutPart, MAX_PART_ENTRIES } from './cut-part.ts';

const tenantId = branded<TenantId>('25a883b1-0000-4000-8000-000000000001');
const valuesOf = (count: number, text = 'an entry') =>
  Array.from({ length: count }, (_, n) => Buffer.from(`${text} ${n}`));
const checkpointOf = (size: bigint) => ({ size, note: `note of ${size}` });
const keysOf = ({ entries }: ReturnType<typeof cutPart>) => entries.map(({ key }) => key.toString());

describe('cutPart', () => {
  it('gives a batch under keys in the order of its numbers, and its checkpoint last', () => {
    const part = cutPart({
      tenantId,
      after: 9n,
      values: [Buffer.from('ten'), Buffer.from('eleven')],
      checkpoint: checkpointOf(11n),
    });
    expect(keysOf(part)).toEqual([
      `audit/${tenantId}/entry/0000000000000010`,
      `audit/${tenantId}/entry/0000000000000011`,
      `audit/${tenantId}/checkpoint/0000000000000011`,
    ]);
    expect(part.entries.map(({ value }) => value.toString())).toEqual(['ten', 'eleven', 'note of 11']);
    expect(part.size).toBe(11n);
  });

  it('fills a transaction to 1,024, and leaves the checkpoint to the last part', () => {
    const values = valuesOf(MAX_PART_ENTRIES);
    const whole = cutPart({ tenantId, after: 0n, values, checkpoint: checkpointOf(1_023n) });
    const first = cutPart({ tenantId, after: 0n, values, checkpoint: checkpointOf(1_024n) });
    const last = cutPart({
      tenantId,
      after: first.size,
      values: valuesOf(1),
      checkpoint: checkpointOf(1_024n),
    });
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
    const part = cutPart({ tenantId, after: 0n, values, checkpoint: checkpointOf(10n) });
    expect([part.size, part.entries.length]).toEqual([4n, 4]);
  });
});
