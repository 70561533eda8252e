import type { Mounted } from '@ironforge/service-kit';
import { shareAnswer } from './share-answer.ts';
import type { Upstreams } from './upstreams.ts';

/** What the outside may know about the parts inside. */
export interface Summary {
  readonly status: 'ok' | 'degraded';
  readonly services: Readonly<Record<string, 'ready' | 'not_ready'>>;
}

const CHECK_TIMEOUT_MS = 2_000;

/** Anybody may ask, as often as he likes: the services are asked no oftener than this. */
const SUMMARY_COUNTS_FOR_MS = 1_000;

/** `/healthz` for the outside: whether each service is ready, no more. */
export function healthRoute(upstreams: Upstreams): Mounted {
  const summary = shareAnswer(async () => await summaryOf(upstreams), SUMMARY_COUNTS_FOR_MS);
  return {
    method: 'GET',
    path: '/healthz',
    handlers: [async (_request, response) => void response.json(await summary())],
  };
}

/**
 * `/readyz`: the gateway itself takes requests. It costs nothing and stands before every limit: an orchestrator may share its address
 * with clients who used theirs up.
 */
export const READINESS: Mounted = {
  method: 'GET',
  path: '/readyz',
  handlers: [(_request, response) => void response.json({ status: 'ready' })],
};

async function summaryOf(upstreams: Upstreams): Promise<Summary> {
  const states = await Promise.all(
    Object.entries(upstreams).map(async ([name, url]) => [name, await stateOf(url)] as const),
  );
  const isWell = states.every(([, state]) => state === 'ready');
  return { status: isWell ? 'ok' : 'degraded', services: Object.fromEntries(states) };
}

/** The body is read, though nothing is looked at, so that the connection serves the next question. */
async function stateOf(url: string): Promise<'ready' | 'not_ready'> {
  try {
    const response = await fetch(new URL('/readyz', url), { signal: AbortSignal.timeout(CHECK_TIMEOUT_MS) });
    await response.arrayBuffer();
    return response.ok ? 'ready' : 'not_ready';
  } catch {
    return 'not_ready';
  }
}
