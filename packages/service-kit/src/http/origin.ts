import { randomUUID } from 'node:crypto';
import { present } from '@ironforge/kernel';
import type { Request, RequestHandler, Response } from 'express';
import { continueTrace } from '../observe/trace.ts';
import type { Origin } from './route.ts';

/** A client's own id is taken when it is too short to be a private key: it goes into every log line. */
const REQUEST_ID = /^[A-Za-z0-9._-]{8,40}$/;

/** Where the gateway tells a service the client's address. */
export const CLIENT_IP_HEADER = 'x-client-ip';
/** Names a request from the gateway through every service, event and log line. */
export const REQUEST_ID_HEADER = 'x-request-id';

/** Gives every request an id and a trace, and answers with the id. */
export function assignOrigin(): RequestHandler {
  return (request, response, next) => {
    const origin: Origin = {
      requestId: requestIdOf(request),
      ip: request.get(CLIENT_IP_HEADER) ?? request.socket.remoteAddress ?? '',
      userAgent: (request.get('user-agent') ?? '').slice(0, 400),
      traceparent: continueTrace(request.get('traceparent')),
    };
    origins.set(response, origin);
    response.setHeader(REQUEST_ID_HEADER, origin.requestId);
    next();
  };
}

/** The origin that `assignOrigin` gave the request of this response. */
export function originOf(response: Response): Origin {
  return present(origins.get(response), 'the origin of a request');
}

const origins = new WeakMap<Response, Origin>();

function requestIdOf(request: Request): string {
  const given = request.get(REQUEST_ID_HEADER) ?? '';
  return REQUEST_ID.test(given) ? given : randomUUID();
}
