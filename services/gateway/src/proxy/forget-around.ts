import type { RequestHandler } from 'express';
import { ANSWERED } from './forward.ts';

/**
 * Calls `forget` before a request goes on, before its answer goes to the client, and when the client went away without it:
 * so nothing learned before the answer is remembered behind it.
 */
export function forgetAround(forget: () => void): RequestHandler {
  return (_request, response, next) => {
    forget();
    response.once(ANSWERED, forget).once('close', forget);
    next();
  };
}
