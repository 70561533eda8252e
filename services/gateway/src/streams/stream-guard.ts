import type { Route } from '@ironforge/contracts';
import { originOf } from '@ironforge/service-kit';
import type { RequestHandler, Response } from 'express';
import type { Authenticate } from '../entry/authenticate.ts';

/** What a guard asks, and how often. */
export interface StreamGuardDeps {
  readonly authenticate: Authenticate;
  readonly everyMs: number;
}

/** Watches over answers that go on for ever. */
export interface StreamGuard {
  /** Stands before `admit`, for it needs the credential as it came. */
  readonly guard: (route: Route) => RequestHandler;
  /** Cuts every stream: the gateway stops. */
  readonly stop: () => void;
}

/**
 * Rights count when they are used (ADR 0008), and a stream is used all the time: who reads it is asked for again and again, and is cut off
 * when the credential has ended, when the permission is gone, or when identity does not answer.
 */
export function createStreamGuard({ authenticate, everyMs }: StreamGuardDeps): StreamGuard {
  const open = new Set<Response>();
  return {
    guard: (route) => (request, response, next) => {
      const [authorization, origin] = [request.get('authorization'), originOf(response)];
      open.add(response);
      const timer = setInterval(() => void check(), everyMs);
      response.once('close', () => {
        clearInterval(timer);
        open.delete(response);
      });
      next();

      async function check(): Promise<void> {
        const permissions = await authenticate(authorization, origin).then(
          ({ caller }) => caller.permissions,
          () => [],
        );
        if (!permissions.some((permission) => permission === route.access)) response.destroy();
      }
    },
    stop: () => {
      for (const response of open) response.destroy();
    },
  };
}
