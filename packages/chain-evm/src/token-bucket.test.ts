import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Bucket, fullBucket, pause, take, waitMs } from './token-bucket.ts';

const rules = { perSecond: 10, burst: 5 };

describe('a token bucket', () => {
  it('takes its burst at once, then as many a second as its rate', () => {
    const empty = take(rules, fullBucket(rules, 0), { count: 5, nowMs: 0 });
    expect(waitMs(rules, empty, { count: 1, nowMs: 0 })).toBe(100);
    expect(waitMs(rules, empty, { count: 1, nowMs: 60 })).toBe(40);
    expect(waitMs(rules, empty, { count: 5, nowMs: 100 })).toBe(400);
    expect(waitMs(rules, empty, { count: 5, nowMs: 500 })).toBe(0);
  });

  it('never holds more than its burst, however long it rested', () => {
    const rested = take(rules, fullBucket(rules, 0), { count: 5, nowMs: 1_000_000 });
    expect(waitMs(rules, rested, { count: 1, nowMs: 1_000_000 })).toBe(100);
  });

  it('lets more than its burst go as a whole once it is full, and is in debt for it', () => {
    const full = fullBucket(rules, 0);
    expect(waitMs(rules, full, { count: 12, nowMs: 0 })).toBe(0);
    const owing = take(rules, full, { count: 12, nowMs: 0 });
    expect(waitMs(rules, owing, { count: 1, nowMs: 0 })).toBe(800);
  });

  it('gives nothing during a pause, and everything after it; a shorter pause changes nothing', () => {
    const paused = pause(pause(fullBucket(rules, 0), 3_000), 1_000);
    expect(waitMs(rules, paused, { count: 1, nowMs: 1_000 })).toBe(2_000);
    expect(waitMs(rules, paused, { count: 5, nowMs: 3_000 })).toBe(0);
  });

  it('never lets more through in any stretch of time than burst and rate allow', () => {
    const demands = fc.array(fc.record({ count: fc.integer({ min: 1, max: 5 }), restMs: fc.nat(400) }), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(demands, (all) => {
        const sent = sendAsSoonAsAllowed(all);
        for (const [first, { atMs: fromMs }] of sent.entries()) {
          let calls = 0;
          for (const { atMs, count } of sent.slice(first)) {
            calls += count;
            expect(calls).toBeLessThanOrEqual(5 + ((atMs - fromMs) * 10) / 1_000 + 1e-6);
          }
        }
      }),
    );
  });
});

function sendAsSoonAsAllowed(demands: readonly { count: number; restMs: number }[]) {
  let bucket: Bucket = fullBucket(rules, 0);
  let nowMs = 0;
  return demands.map(({ count, restMs }) => {
    nowMs += restMs;
    nowMs += waitMs(rules, bucket, { count, nowMs });
    bucket = take(rules, bucket, { count, nowMs });
    return { atMs: nowMs, count };
  });
}
