import type { RequestListener } from 'node:http';
import type { Cache } from '@ironforge/cache';
import { type Route, ROUTES } from '@ironforge/contracts';
import type { Clock, Logger } from '@ironforge/kernel';
import {
  answerProblems,
  createBareApp,
  createInternalClient,
  createMetrics,
  createTokenIssuer,
  type Listening,
  listen,
  type Mounted,
  mountRoutes,
  observeRequests,
  refusePath,
  reuseTokens,
} from '@ironforge/service-kit';
import type { Express, RequestHandler } from 'express';
import type { Config } from './config.ts';
import { createAuthenticate } from './entry/authenticate.ts';
import { changesRights } from './entry/changes-rights.ts';
import { cleanRequest } from './entry/clean-request.ts';
import { type RememberedCallers, rememberCallers } from './entry/remember-callers.ts';
import { healthRoutes } from './health.ts';
import { limitAddress } from './limits/limit-address.ts';
import { createRateLimits } from './limits/rate-limits.ts';
import { documentRoutes } from './pages/document-routes.ts';
import { securityHeaders } from './pages/security-headers.ts';
import { type AdmitDeps, admit } from './proxy/admit.ts';
import { forgetAround } from './proxy/forget-around.ts';
import { createForward } from './proxy/forward.ts';
import { holdBody } from './proxy/hold-body.ts';
import { createStreamGuard, type StreamGuard } from './streams/stream-guard.ts';
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
  const limited = limitAddress(deps.limits);
  const own = [...healthRoutes(upstreams, limited), ...documentRoutes(config.PUBLIC_URL, limited)];
  mountRoutes(app, [...own, ...forwardedRoutes({ ...deps, streams }, upstreams, parts.log)]);
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
type ForwardDeps = Deps & { readonly streams: StreamGuard };

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

/** Every public route of the contracts; a service's forwarder is made once. */
function forwardedRoutes(deps: ForwardDeps, upstreams: Upstreams, log: Logger): Mounted[] {
  const forwards = new Map<string, RequestHandler>(
    Object.entries(upstreams).map(([service, url]) => [service, createForward({ service, url, log })]),
  );
  const held = holdBody();
  return Object.values<Route>(ROUTES).flatMap((route) => {
    const forward = forwards.get(route.service);
    if (forward === undefined) return [];
    const forgetting = changesRights(route) ? [forgetAround(deps.forget)] : [];
    const guards = route.media === 'text/event-stream' ? [deps.streams.guard(route)] : [];
    return [mounted(route, [...guards, admit(route, deps), held, ...forgetting, forward])];
  });
}

function mounted({ method, path }: Route, handlers: readonly RequestHandler[]): Mounted {
  return { method, path, handlers };
}

/** Nothing reads a request before it was cleaned. */
function behindDoor(app: Express, trustedProxies: number): RequestListener {
  return (request, response) => {
    cleanRequest(request, trustedProxies);
    app(request, response);
  };
}
