import { expect, it } from 'vitest';
import type { Endpoint } from './endpoint.ts';
import { createRpcPool } from './rpc-pool.ts';

/** An endpoint that says these waits one after the other, as its clock goes on between two looks at it, and then none. */
function endpointWaiting(...waits: number[]): Endpoint {
  return {
    name: 'one',
    waitMs: () => waits.shift() ?? 0,
    isPaused: () => false,
    isFailing: () => false,
    isForeign: () => false,
    ask: async (calls) => calls.map(() => ({ result: '0x1' })),
  };
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
