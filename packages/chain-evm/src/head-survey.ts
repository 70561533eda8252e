import { lagsOf, type ToldHead } from '@ironforge/chain-core';
import type { Endpoint } from './endpoint.ts';
import { isRecord } from './json-reader.ts';

/** How endpoints are compared. */
export interface SurveyOptions {
  readonly maxLagBlocks: number;
  /** How old the knowledge may be before it is renewed beside the work. */
  readonly everyMs: number;
  readonly nowMs: () => number;
}

/** What is known of how far each endpoint is. */
export interface HeadSurvey {
  /** Renews what is old. Waits only for knowledge that is so old that it is none. */
  refresh(): Promise<void>;
  lagOf(endpoint: Endpoint): number;
  isLagging(endpoint: Endpoint): boolean;
}

/** Knowledge so many times older than it should be is none: nobody asked for a while. */
const STALE_TIMES = 10;

/** Asks all endpoints for their heights now and then, when there is more than one; one that is left out is tried so, too. */
export function createHeadSurvey(endpoints: readonly Endpoint[], options: SurveyOptions): HeadSurvey {
  const { maxLagBlocks, everyMs, nowMs } = options;
  const heads = new Map<string, ToldHead>();
  let startedAtMs = Number.NEGATIVE_INFINITY;
  let first: Promise<unknown> | null = null;
  const lagOf = ({ name }: Endpoint) => lagsOf(heads, nowMs()).get(name) ?? 0;
  const survey = async () => {
    await Promise.all(endpoints.map((endpoint) => surveyOne(endpoint, heads, nowMs)));
    first = null;
  };
  return {
    async refresh() {
      const age = nowMs() - startedAtMs;
      if (endpoints.length > 1 && age >= everyMs) {
        startedAtMs = nowMs();
        const running = survey();
        if (age > everyMs * STALE_TIMES) first = running;
      }
      if (first !== null) await first;
    },
    lagOf,
    isLagging: (endpoint) => lagOf(endpoint) > maxLagBlocks,
  };
}

/** The block, since a number alone is told by caches whose node is stuck. */
const NEWEST = { method: 'eth_getBlockByNumber', params: ['latest', false] };

async function surveyOne(
  endpoint: Endpoint,
  heads: Map<string, ToldHead>,
  nowMs: () => number,
): Promise<void> {
  if (endpoint.waitMs(1) > 0) return;
  const [answer] = await endpoint.ask([NEWEST]);
  const block = answer !== undefined && 'result' in answer ? answer.result : null;
  const height = isRecord(block) ? Number(block['number']) : Number.NaN;
  if (Number.isSafeInteger(height)) heads.set(endpoint.name, { height, atMs: nowMs() });
}
