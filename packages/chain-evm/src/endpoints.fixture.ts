import type { ChainConfig } from '@ironforge/chain-core';
import { type OpenOptions, openEndpoints } from './open-endpoints.ts';

type Rules = Pick<ChainConfig, 'rpcUrls' | 'rpc'> & OpenOptions;

/** The endpoints at these URLs as one chain, with blocks about once a second. */
export function openAt(...rpcUrls: readonly string[]) {
  return openWith({ rpcUrls });
}

/** The same with rules of the test's own; heads are compared four times a second. */
export function openWith({ rpcUrls, rpc, ...options }: Rules) {
  const { pool, ...rules } = openEndpoints({ rpcUrls, rpc, blockTimeMs: 250 }, options);
  return { ...pool, ...rules };
}
