import { expect, it } from 'vitest';
import type { Endpoint, Turns } from './endpoint.ts';
import { createRpcPool } from './rpc-pool.ts';

/** An endpoint that says these waits one after the other, as its clock goes on between two looks at it, and then none. */
function endpointWaiting(...waits: number[]): Endpoint {
  const turns: Turns = {
    waitMs: () => waits.shift() ?? 0,
    ask: async (calls) => calls.map(() => ({ result: '0x1' })),
  };
  const state = { isPaused: () => false, isFailing: () => false, isForeign: () => false };
  return { name: 'one', ...turns, ...state, unhurried: turns };
}

const survey = { refresh: async () => {}, lagOf: () => 0, isLagging: () => false };
const observer = { changed: () => {} };

it.each([
  ['whose turn comes while nobody is found to ask', [1, 0, 0]],
  ['that has to wait for a moment', [1, 1, 1]],
])('an endpoint %s is asked: nothing fails', async (_what, waits) => {
  const pool = createRpcPool({ endpoints: [endpointWaiting(...waits)], survey, observer });
  expect(await pool.ask([{ method: 'eth_chainId', params: [] }])).toEqual([{ result: '0x1' }]);
});
