import type { ChainConfig, EndpointObserver } from '@ironforge/chain-core';
import { createEndpoint } from './endpoint.ts';
import { endpointNames } from './endpoint-name.ts';
import { endpointRules } from './endpoint-rules.ts';
import { createHeadSurvey } from './head-survey.ts';
import { ofChain } from './of-chain.ts';
import { createRpcPool, type EndpointPool } from './rpc-pool.ts';

/** How endpoints are opened. */
export interface OpenOptions {
  /** 5 s by default. */
  readonly timeoutMs?: number;
  readonly observer?: EndpointObserver;
}

/** The endpoints of a chain, ready to be asked. */
export interface OpenEndpoints {
  readonly pool: EndpointPool;
  /** How many must say so before a negative answer counts. */
  readonly quorum: number;
  readonly broadcastTo: number;
}

const NOBODY: EndpointObserver = { called: () => {}, failed: () => {}, changed: () => {} };
const FASTEST_SURVEY_MS = 250;
const SLOWEST_SURVEY_MS = 5_000;

/**
 * Opens the endpoints of one configured chain under their rules; heads are compared about once a block. Whether they are of
 * the chain is asked where its id is given.
 */
export function openEndpoints(
  config: Pick<ChainConfig, 'rpcUrls' | 'rpc' | 'blockTimeMs'> & Partial<Pick<ChainConfig, 'chainId'>>,
  { timeoutMs = 5_000, observer = NOBODY }: OpenOptions = {},
): OpenEndpoints {
  const rules = endpointRules(config);
  const names = endpointNames(rules.endpoints.map(({ url }) => url));
  const nowMs = () => performance.now();
  const chainNumber = config.chainId && Number(config.chainId.slice('eip155:'.length));
  const endpoints = rules.endpoints.map(({ requestsPerSecond: perSecond, ...rule }, index) => {
    const name = names[index] ?? '';
    const endpoint = createEndpoint({ ...rule, perSecond, name, timeoutMs, nowMs, observer });
    return chainNumber ? ofChain(endpoint, { chainNumber, nowMs }) : endpoint;
  });
  const everyMs = Math.min(SLOWEST_SURVEY_MS, Math.max(FASTEST_SURVEY_MS, config.blockTimeMs));
  const survey = createHeadSurvey(endpoints, { maxLagBlocks: rules.maxLagBlocks, everyMs, nowMs });
  const pool = createRpcPool({ endpoints, survey, observer });
  return { pool, quorum: rules.quorum, broadcastTo: rules.broadcastTo };
}
