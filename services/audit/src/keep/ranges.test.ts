import fc from 'fast-check';
import { expect, it } from 'vitest';
import { rangesOf } from './ranges.ts';

it('names each number once, in as few runs as there are', () => {
  const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 60 })).map((all) => all.toSorted((a, b) => a - b));
  fc.assert(
    fc.property(numbers, (all) => {
      const ranges = rangesOf(all);
      const named = ranges.flatMap(([first, last]) =>
        Array.from({ length: last - first + 1 }, (_, at) => first + at),
      );
      expect(named).toEqual(all);
      for (const [at, [first]] of ranges.entries())
        expect(first).toBeGreaterThan((ranges[at - 1]?.[1] ?? -1) + 1);
    }),
  );
});
