import { type Route, ROUTES } from '@ironforge/contracts';
import type { Logger } from '@ironforge/kernel';
import type { Mounted } from '@ironforge/service-kit';
import type { RequestHandler } from 'express';
import { changesRights } from '../entry/changes-rights.ts';
import type { RememberedCallers } from '../entry/remember-callers.ts';
import type { StreamGuard } from '../streams/stream-guard.ts';
import type { Upstreams } from '../upstreams.ts';
import { type AdmitDeps, admit } from './admit.ts';
import { forgetAround } from './forget-around.ts';
import { createForward, type Forward } from './forward.ts';
import { holdBody } from './hold-body.ts';
import { limitLongAnswers } from './limit-long-answers.ts';
import { createPassHeld, passAsTaken } from './pass-answer.ts';

/** What the routes of the services stand on. */
export interface ForwardDeps extends AdmitDeps, RememberedCallers {
  readonly streams: StreamGuard;
  readonly log: Logger;
}

/** So many streams and files of one service go out at the same time: each costs little, and none is of ordinary calls' connections. */
const LONG_AT_ONCE = 1_024;

/** Every public route of the contracts. */
export function forwardRoutes(deps: ForwardDeps, upstreams: Upstreams): Mounted[] {
  const { log } = deps;
  const pass = createPassHeld();
  const ordinary = forwarders(upstreams, (service, url) => createForward({ service, url, log, pass }));
  const long = forwarders(upstreams, (service, url) =>
    createForward({ service, url, log, pass: passAsTaken, maxSockets: LONG_AT_ONCE }),
  );
  const [held, limited] = [holdBody(), limitLongAnswers()];
  return Object.values<Route>(ROUTES).flatMap((route) => {
    const isLong = route.media !== 'application/json';
    const forward = (isLong ? long : ordinary).get(route.service);
    if (forward === undefined) return [];
    const guards = route.media === 'text/event-stream' ? [deps.streams.guard(route)] : [];
    const places = isLong ? [limited] : [];
    return [mounted(route, [...guards, admit(route, deps), ...places, held, last(route, deps, forward)])];
  });
}

/** One for each service. */
function forwarders(upstreams: Upstreams, make: (service: string, url: string) => Forward) {
  return new Map<string, Forward>(
    Object.entries(upstreams).map(([service, url]) => [service, make(service, url)]),
  );
}

function last(route: Route, { forget }: ForwardDeps, forward: Forward): RequestHandler {
  return changesRights(route) ? forgetAround(forget, forward) : forward();
}

function mounted({ method, path }: Route, handlers: readonly RequestHandler[]): Mounted {
  return { method, path, handlers };
}
