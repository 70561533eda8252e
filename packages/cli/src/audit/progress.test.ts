import { expect, it } from 'vitest';
import { createProgress } from './progress.ts';

it('a bar is told each time that a twentieth more is done, and not in between', () => {
  const lines: string[] = [];
  const tell = createProgress((line) => lines.push(line));
  for (const done of [10, 40, 60, 90, 1_000]) tell(done, 1_000);
  expect(lines).toEqual([
    '[#...................] 60 of 1,000 entries',
    '[####################] 1,000 of 1,000 entries',
  ]);
});
