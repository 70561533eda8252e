import { expect, it } from 'vitest';
import { brokerCheck } from './part-checks.ts';

it.each([
  [true, false, 'ready'],
  [true, true, 'not ready'],
  [false, false, 'not ready'],
])(
  'with a broker that is connected: %s and blocked: %s a service is %s',
  async (connected, blocked, state) => {
    const check = brokerCheck({ state: () => ({ connected, blocked, unconfirmed: 0, consumers: [] }) });
    const outcome = await check().then(
      () => 'ready',
      () => 'not ready',
    );
    expect(outcome).toBe(state);
  },
);
