import type { RequestListener } from 'node:http';
import type { Cache } from '@ironforge/cache';
import type { Clock, Logger } from '@ironforge/kernel';
import {
  answerProblems,
  createBareApp,
  createInternalClient,
  createMetrics,
  createTokenIssuer,
  type Listening,
  listen,
  mountRoutes,
  observeRequests,
  refusePath,
  reuseTokens,
} from '@ironforge/service-kit';
import type { Express } from 'express';
import type { Config } from './config.ts';
import { createAuthenticate } from './entry/authenticate.ts';
import { cleanRequest } from './entry/clean-request.ts';
import { type RememberedCallers, rememberCallers } from './entry/remember-callers.ts';
import { healthRoute, READINESS } from './health.ts';
import { limitAddress } from './limits/limit-address.ts';
import { createRateLimits } from './limits/rate-limits.ts';
import { documentRoutes } from './pages/document-routes.ts';
import { securityHeaders } from './pages/security-headers.ts';
import type { AdmitDeps } from './proxy/admit.ts';
import { forwardRoutes } from './proxy/forward-routes.ts';
import { createStreamGuard } from './streams/stream-guard.ts';
import { type Upstreams, upstreamsOf } from './upstreams.ts';

/** What the process brings along. */
export interface GatewayParts {
  readonly cache: Cache;
  readonly log: Logger;
  readonly clock: Clock;
}

/** Starts the gateway: the only way in. */
export async function startGateway(config: Config, parts: GatewayParts): Promise<Listening> {
  const upstreams = upstreamsOf(config);
  const app = createBareApp();
  app.use(securityHeaders(), observeRequests(createMetrics('gateway'), parts.log));
  const deps = createDeps(config, parts, upstreams);
  const streams = createStreamGuard({ ...deps, everyMs: config.STREAM_RIGHTS_SECONDS * 1_000 });
  mountRoutes(app, [READINESS]);
  app.use(limitAddress(deps.limits));
  const own = [healthRoute(upstreams), ...documentRoutes(config.PUBLIC_URL)];
  mountRoutes(app, [...own, ...forwardRoutes({ ...deps, streams, log: parts.log }, upstreams)]);
  app.use(refusePath, answerProblems(parts.log));
  const listening = await listen(behindDoor(app, config.TRUSTED_PROXIES), {
    host: config.HOST,
    port: config.PORT,
  });
  parts.log.info({ url: listening.url }, 'listening');
  const close = async () => {
    streams.stop();
    await listening[Symbol.asyncDispose]();
  };
  return { ...listening, [Symbol.asyncDispose]: close };
}

type Deps = AdmitDeps & RememberedCallers;

function createDeps(config: Config, { cache, clock }: GatewayParts, urls: Upstreams): Deps {
  const issueToken = reuseTokens(createTokenIssuer(config.INTERNAL_SIGNING_KEY, clock));
  const call = createInternalClient({ service: 'gateway', urls, issueToken });
  const limits = createRateLimits(cache, {
    userRequestsPerMinute: config.USER_REQUESTS_PER_MINUTE,
    ipRequestsPerMinute: config.IP_REQUESTS_PER_MINUTE,
    requestsPerSecond: config.REQUESTS_PER_SECOND,
  });
  return { ...rememberCallers(createAuthenticate(call)), limits, issueToken };
}

/** Nothing reads a request before it was cleaned. */
function behindDoor(app: Express, trustedProxies: number): RequestListener {
  return (request, response) => {
    cleanRequest(request, trustedProxies);
    app(request, response);
  };
}
