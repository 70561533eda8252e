import type { Clock } from '@ironforge/kernel';
import { type CallInternal, createInternalClient, createTokenIssuer } from '@ironforge/service-kit';
import type { Config } from './config.ts';

/** Calls identity, and the watcher where there is one, in the name of the audit service. */
export function callNeighbours(
  { IDENTITY_URL: identity, CHAIN_WATCHER_EVM_URL: watcher, INTERNAL_SIGNING_KEY: key }: Config,
  clock: Clock,
): CallInternal {
  const urls = { identity, ...(watcher === undefined ? {} : { 'chain-watcher': watcher }) };
  return createInternalClient({
    service: 'audit',
    urls,
    issueToken: createTokenIssuer(key, clock),
    timeoutMs: TIMEOUT_MS,
  });
}

/** The watcher reads fifty blocks anew for one answer, from nodes that may be slow. */
const TIMEOUT_MS = 20_000;
