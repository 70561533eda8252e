import type { Mounted } from '@ironforge/service-kit';
import type { Upstreams } from './upstreams.ts';

/** What the outside may know about the parts inside. */
export interface Summary {
  readonly status: 'ok' | 'degraded';
  readonly services: Readonly<Record<string, 'ready' | 'not_ready'>>;
}

const CHECK_TIMEOUT_MS = 2_000;

/** `/healthz` for the outside: whether each service is ready, no more; `/readyz`: the gateway itself takes requests. */
export function healthRoutes(upstreams: Upstreams): Mounted[] {
  return [
    {
      method: 'GET',
      path: '/healthz',
      handlers: [async (_request, response) => void response.json(await summaryOf(upstreams))],
    },
    {
      method: 'GET',
      path: '/readyz',
      handlers: [(_request, response) => void response.json({ status: 'ready' })],
    },
  ];
}

async function summaryOf(upstreams: Upstreams): Promise<Summary> {
  const states = await Promise.all(
    Object.entries(upstreams).map(async ([name, url]) => [name, await stateOf(url)] as const),
  );
  const isWell = states.every(([, state]) => state === 'ready');
  return { status: isWell ? 'ok' : 'degraded', services: Object.fromEntries(states) };
}

async function stateOf(url: string): Promise<'ready' | 'not_ready'> {
  const answer = fetch(new URL('/readyz', url), { signal: AbortSignal.timeout(CHECK_TIMEOUT_MS) });
  return await answer.then(
    (response) => (response.ok ? ('ready' as const) : ('not_ready' as const)),
    () => 'not_ready' as const,
  );
}
