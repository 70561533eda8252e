import { branded, type TxRequestId } from '@ironforge/kernel';
import { describe, expect, test } from 'vitest';
import { adopterOf, type Holder } from './adoption.ts';
import { chooseNonce, type Lane } from './choose-nonce.ts';
import { minedCountAfter, recounted } from './mined-count.ts';
import { gapsOf, isNext, openGaps, sendableSlots } from './order.ts';
import { releasedSlot, type Slot, unspentSlot } from './slot.ts';

const A = branded<TxRequestId>('a');
const B = branded<TxRequestId>('b');
const NOW_MS = 1_000;

describe('choosing a nonce', () => {
  test('the lowest nonce from the mined count on that nobody holds', () => {
    expect(choose(lane(5, []))).toMatchObject({ nonce: 5, fence: 11 });
    expect(choose(lane(5, [offered(5, B, 2_000), signed(6, B)]))).toMatchObject({ nonce: 7 });
    expect(choose(lane(5, [offered(5, B, 2_000), { ...offered(6, null, 0), state: 'free' }]))).toMatchObject({
      nonce: 6,
      displaces: null,
    });
  });

  test('an ended lease is taken over, and its holder displaced', () => {
    const slot = offered(5, B, NOW_MS);
    expect(choose(lane(5, [slot]))).toEqual({ nonce: 5, fence: 11, displaces: slot });
  });

  test("a running lease and stored bytes are nobody else's", () => {
    expect(choose(lane(5, [offered(5, B, NOW_MS + 1)]))).toMatchObject({ nonce: 6 });
    expect(choose(lane(5, [signed(5, B)]))).toMatchObject({ nonce: 6 });
  });

  test('nonce trap: the mined count decides, a counter of our own does not (openzeppelin-relayer #818)', () => {
    expect(choose(lane(9, [offered(5, B, 2_000)]))).toMatchObject({ nonce: 9 });
  });

  test('who was ever offered a nonce takes only that one again', () => {
    expect(choose(lane(5, [offered(6, B, 2_000)]), 6)).toEqual({ waiting: 'waiting_for_nonce' });
    expect(choose(lane(5, [offered(6, B, NOW_MS)]), 6)).toMatchObject({ nonce: 6 });
    expect(choose(lane(5, []), 6)).toMatchObject({ nonce: 6 });
    expect(choose(lane(7, []), 6)).toEqual({ waiting: 'waiting_for_nonce' });
    expect(choose(lane(5, [signed(6, B)]), 6)).toEqual({ waiting: 'waiting_for_nonce' });
  });
});

describe('the mined count', () => {
  test('of news a spent nonce only raises it, and a free one only lowers it', () => {
    const after = (nonce: number, depth: 'none' | 'included') => minedCountAfter(5, { nonce, depth });
    expect([after(7, 'included'), after(3, 'included'), after(3, 'none'), after(7, 'none')]).toEqual([
      8, 5, 3, 5,
    ]);
  });

  test('a told one counts either way, past what is known as spent', () => {
    const slots: Slot[] = [
      { ...signed(4, A), state: 'spent' },
      { ...signed(5, A), state: 'spent' },
      signed(6, A),
    ];
    expect([4, 2, 9].map((told) => recounted(slots, told))).toEqual([6, 2, 9]);
  });
});

describe('order', () => {
  test('a gap is any unsigned nonce below a signed one, with a row or without', () => {
    expect(gapsOf(lane(3, [signed(4, A), offered(5, B, 0), signed(7, B), offered(8, B, 0)]))).toEqual([
      3, 5, 6,
    ]);
    expect(gapsOf(lane(3, [signed(3, A), offered(4, B, 0)]))).toEqual([]);
    expect(gapsOf(lane(9, [signed(4, A)]))).toEqual([]);
    expect(gapsOf(lane(3, [signed(1_000_000_000, A)]))).toHaveLength(16);
  });

  test('a gap is open once no lease on it runs', () => {
    const free: Slot = { ...offered(5, null, 0), state: 'free' };
    const slots = [offered(3, A, NOW_MS + 1), offered(4, B, NOW_MS), free, signed(7, B)];
    expect(openGaps(lane(3, slots), NOW_MS)).toEqual([4, 5, 6]);
    expect(openGaps(lane(3, slots.slice(0, 3)), NOW_MS)).toEqual([]);
  });

  test('sent in nonce order up to the first gap, at most the window', () => {
    const slots = [3, 4, 6, 7].map((nonce) => signed(nonce, A));
    expect(nonces(sendableSlots(lane(3, slots)))).toEqual([3, 4]);
    const many = Array.from({ length: 30 }, (_, nonce) => signed(nonce, A));
    expect(nonces(sendableSlots(lane(2, many)))).toHaveLength(16);
    expect(nonces(sendableSlots(lane(2, many), 3))).toEqual([2, 3, 4]);
  });

  test('what is being signed is next when nothing below it is missing, and it is within the window', () => {
    const around = [signed(3, A), offered(4, B, NOW_MS + 1), signed(6, A)];
    expect(isNext(lane(3, around), signed(4, B))).toBe(true);
    expect(isNext(lane(3, around), signed(5, B))).toBe(false);
    expect(isNext(lane(3, [signed(3, A)]), signed(3, A))).toBe(true);
    const many = Array.from({ length: 30 }, (_, nonce) => signed(nonce, A));
    expect(isNext(lane(2, many), signed(17, B))).toBe(true);
    expect(isNext(lane(2, many), signed(18, B))).toBe(false);
  });
});

describe('slots', () => {
  test('a request that ended unsigned frees its slot only when its lease is over', () => {
    expect(releasedSlot(offered(5, A, NOW_MS + 1), NOW_MS).state).toBe('offered');
    expect(releasedSlot(offered(5, A, NOW_MS), NOW_MS)).toMatchObject({ state: 'free', requestId: null });
    expect(releasedSlot(signed(5, A), NOW_MS).state).toBe('signed');
  });

  test('a reorg undoes spent: the bytes of the holder count again', () => {
    const spent: Slot = { ...signed(5, A), state: 'spent' };
    expect(unspentSlot(spent, true).state).toBe('signed');
    expect(unspentSlot(spent, false).state).toBe('offered');
    expect(unspentSlot({ ...spent, requestId: null }, false).state).toBe('free');
  });
});

describe('adoption', () => {
  const effect = { from: '0xAA', to: '0xBB', value: 5n, data: '0x' };
  const holder = (requestId: TxRequestId, fence: number, change: Partial<typeof effect> = {}): Holder => ({
    requestId,
    attemptId: branded(`${requestId}${fence}`),
    fence,
    effect: { ...effect, ...change },
    txHash: null,
  });

  test('of several with the same effect the latest fence adopts, alone', () => {
    expect(adopterOf({ ...effect, to: '0xbb' }, [holder(A, 4), holder(B, 7), holder(A, 5)])).toMatchObject({
      requestId: B,
      fence: 7,
    });
  });

  test.each([
    ['from', '0xCC'],
    ['to', '0xCC'],
    ['value', 6n],
    ['data', '0x01'],
  ])("another %s is a stranger's", (field, value) => {
    expect(adopterOf(effect, [holder(A, 1, { [field]: value })])).toBeNull();
  });
});

function choose({ slots, minedCount, fence }: Lane, boundNonce: number | null = null) {
  return chooseNonce({ slots, minedCount, fence }, { requestId: A, boundNonce }, NOW_MS);
}

function lane(minedCount: number, slots: readonly Slot[]): Lane {
  return { minedCount, slots, fence: 10 };
}

function offered(nonce: number, requestId: TxRequestId | null, leaseExpiresAtMs: number): Slot {
  return {
    nonce,
    state: 'offered',
    requestId,
    leaseId: branded(`l${nonce}`),
    fence: nonce,
    leaseExpiresAtMs,
  };
}

function signed(nonce: number, requestId: TxRequestId): Slot {
  return { ...offered(nonce, requestId, 0), state: 'signed' };
}

function nonces(slots: readonly Slot[]): number[] {
  return slots.map(({ nonce }) => nonce);
}
