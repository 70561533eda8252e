import { expect, it } from 'vitest';
import type { ChainStatus } from '../stack/chain-status.ts';
import { followed } from './followed.ts';

// What is said depends on these fields alone.
const chain = (change: Partial<ChainStatus>) =>
  followed({
    chainId: 'eip155:1',
    status: 'following',
    stopReason: null,
    head: null,
    ...change,
  } as ChainStatus);

it('a chain that is followed, or behind, is no fault', () => {
  expect(chain({})).toEqual({ what: 'chain eip155:1', detail: 'following, nothing read yet', fix: null });
  expect(chain({ status: 'behind' }).fix).toBeNull();
});

it('a stopped chain is one, with why and what to read', () => {
  expect(chain({ status: 'stopped', stopReason: 'wrong_chain' })).toEqual({
    what: 'chain eip155:1',
    detail: 'stopped, nothing read yet: all its nodes are of another chain',
    fix: 'see docs/operators/chains.md',
  });
});
