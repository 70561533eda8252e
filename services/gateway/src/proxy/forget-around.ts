import type { RequestHandler } from 'express';
import type { Forward } from './forward.ts';

/**
 * Calls `forget` before a request goes on, before its answer goes to the client, and when the client went away without it:
 * so nothing learned before the answer is remembered behind it.
 */
export function forgetAround(forget: () => void, forward: Forward): RequestHandler {
  const passOn = forward(forget);
  return (request, response, next) => {
    forget();
    response.once('close', forget);
    return passOn(request, response, next);
  };
}
