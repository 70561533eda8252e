import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dueUntil, monthOf } from './month.ts';

const DAY_MS = 86_400_000;

describe('a month', () => {
  it.each([
    ['2026-03-01T00:00:00.000Z', '2026-03', '2026-04-01T00:00:00.000Z'],
    ['2026-03-31T23:59:59.999Z', '2026-03', '2026-04-01T00:00:00.000Z'],
    ['2024-02-29T12:00:00.000Z', '2024-02', '2024-03-01T00:00:00.000Z'],
    ['2026-12-31T23:59:59.999Z', '2026-12', '2027-01-01T00:00:00.000Z'],
  ])('of %s is %s and ends at %s', (time, name, end) => {
    const month = monthOf(new Date(time));
    expect([month.name, month.start.toISOString(), month.end.toISOString()]).toEqual([
      name,
      `${name}-01T00:00:00.000Z`,
      end,
    ]);
  });

  it('is due when all of it is as old as it has to be, and not a day earlier', () => {
    const times = fc.date({ min: new Date('1990-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(times, fc.integer({ min: 30, max: 36_500 }), (now, keptDays) => {
        const due = dueUntil(now, keptDays);
        expect(now.getTime() - due.getTime()).toBeGreaterThanOrEqual(keptDays * DAY_MS);
        expect(monthOf(due).start).toEqual(due);
        expect(now.getTime() - monthOf(due).end.getTime()).toBeLessThan(keptDays * DAY_MS);
      }),
    );
  });
});
