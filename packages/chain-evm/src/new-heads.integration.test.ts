import { startAnvil, waitUntil } from '@ironforge/testing';
import { describe, expect, it, vi } from 'vitest';
import { subscribeNewHeads } from './new-heads.ts';

/** Without a block, and slow enough that nothing wakes by polling while a test runs. */
const SLOW = { blockTimeMs: 600_000 };

describe('whoever follows a chain is woken', () => {
  it('at every new head by WebSocket, and when the node goes away', async () => {
    const anvil = await startAnvil();
    const wake = vi.fn<() => void>();
    await using _heads = subscribeNewHeads({ ...SLOW, wsUrl: anvil.wsUrl, wake });
    await waitUntil('the subscription', () => wake.mock.calls.length === 1);
    await anvil.mine();
    await waitUntil('the head', () => wake.mock.calls.length === 2);
    await anvil[Symbol.asyncDispose]();
    await waitUntil('the end', () => wake.mock.calls.length === 3);
  });

  it('by polling where there is no WebSocket', async () => {
    const wake = vi.fn<() => void>();
    await using _heads = subscribeNewHeads({ wsUrl: undefined, blockTimeMs: 400, wake });
    await waitUntil('two wakes', () => wake.mock.calls.length > 1);
    expect(wake).toHaveBeenCalledWith();
  });
});
