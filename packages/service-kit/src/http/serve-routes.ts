import type { Clock, Logger } from '@ironforge/kernel';
import { createTokenVerifier } from '../internal/internal-token.ts';
import type { InternalJwks } from '../internal/keys.ts';
import type { Metrics } from '../observe/metrics.ts';
import { createAuthorize } from './authorize.ts';
import type { BoundRoute } from './bind.ts';
import { createServiceApp } from './create-service-app.ts';
import type { ReadinessChecks } from './health.ts';
import { type Listening, listen } from './listen.ts';

/** What a service serves, and where. */
export interface ServeOptions {
  readonly service: string;
  /** The part of the configuration that `SERVICE_ENV` describes. */
  readonly config: {
    readonly PORT: number;
    readonly HOST: string;
    readonly NODE_ENV: 'development' | 'test' | 'production';
    readonly ANSWER_CHECKS?: 'on' | 'off' | undefined;
    readonly INTERNAL_JWKS: InternalJwks;
  };
  readonly routes: readonly BoundRoute[];
  readonly checks: ReadinessChecks;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly clock: Clock;
}

/** Serves the routes of a service behind the gateway, on the configured host and port. */
export async function serveRoutes({ service, config, clock, ...parts }: ServeOptions): Promise<Listening> {
  const verify = createTokenVerifier({ jwks: config.INTERNAL_JWKS, audience: service, clock });
  const stop = new AbortController();
  const app = createServiceApp({
    ...parts,
    authorize: createAuthorize(verify),
    checksAnswers: (config.ANSWER_CHECKS ?? (config.NODE_ENV === 'production' ? 'off' : 'on')) === 'on',
    stopping: stop.signal,
  });
  const listening = await listen(app, { host: config.HOST, port: config.PORT });
  parts.log.info({ url: listening.url }, 'listening');
  const close = async () => {
    stop.abort();
    await listening[Symbol.asyncDispose]();
  };
  return { ...listening, [Symbol.asyncDispose]: close };
}
