import type { Express } from 'express';
import type { Metrics } from '../observe/metrics.ts';

/** What must work for the service to take requests, by name; a check that throws or takes over 2 s fails. */
export type ReadinessChecks = Readonly<Record<string, () => Promise<void>>>;

/** What health tells about. */
export interface HealthOptions {
  readonly checks: ReadinessChecks;
  readonly metrics: Metrics;
}

const CHECK_TIMEOUT_MS = 2_000;

/** Adds `/healthz` (the process answers), `/readyz` (200 or 503 with every part) and `/metrics`. */
export function mountHealth(app: Express, { checks, metrics }: HealthOptions): void {
  app.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' });
  });
  app.get('/readyz', async (_request, response) => {
    const readiness = await readinessOf(checks);
    response.status(readiness.status === 'ready' ? 200 : 503).json(readiness);
  });
  app.get('/metrics', async (_request, response) => {
    response.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
}

/** Whether the service takes requests, and which part keeps it from that. */
export interface Readiness {
  readonly status: 'ready' | 'not_ready';
  readonly parts: Readonly<Record<string, 'ok' | 'down'>>;
}

async function readinessOf(checks: ReadinessChecks): Promise<Readiness> {
  const states = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => [name, await stateOf(check)] as const),
  );
  const isReady = states.every(([, state]) => state === 'ok');
  return { status: isReady ? 'ready' : 'not_ready', parts: Object.fromEntries(states) };
}

async function stateOf(check: () => Promise<void>): Promise<'ok' | 'down'> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('timed out')), CHECK_TIMEOUT_MS);
  return await Promise.race([check(), late])
    .then(
      () => 'ok' as const,
      () => 'down' as const,
    )
    .finally(() => clearTimeout(timer));
}
