import { expect, it } from 'vitest';
import { takesMessages } from './part-checks.ts';

it.each([
  [true, false, true],
  [true, true, false],
  [false, false, false],
])(
  'with a broker that is connected: %s and blocked: %s messages are taken: %s',
  (connected, blocked, taken) => {
    expect(takesMessages({ connected, blocked })).toBe(taken);
  },
);
