import { Agent } from 'node:http';
import { appError } from '@ironforge/contracts';
import type { Logger } from '@ironforge/kernel';
import { sendProblem } from '@ironforge/service-kit';
import type { Request, RequestHandler, Response } from 'express';
import { createProxyMiddleware } from 'http-proxy-middleware';

/** Where to pass requests on to. */
export interface ForwardOptions {
  readonly service: string;
  readonly url: string;
  readonly log: Logger;
}

/** How long a service may take to answer, in milliseconds; long polls end before. */
const ANSWER_TIMEOUT_MS = 60_000;

/** The event of a response just before the client hears what the service answered, or that it did not. */
export const ANSWERED = Symbol('answered');

/** Passes requests on to one service as they are, and its answers back; 503 `dependency_down` while it is away. */
export function createForward({ service, url, log }: ForwardOptions): RequestHandler {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  return createProxyMiddleware<Request, Response>({
    target: url,
    agent,
    xfwd: false,
    proxyTimeout: ANSWER_TIMEOUT_MS,
    on: {
      proxyRes: (_answer, _request, response) => void response.emit(ANSWERED),
      error: (error, request, response) => {
        log.warn({ err: error, service, method: request.method }, 'a service does not answer');
        if ('headersSent' in response) refuse(service, response);
        else response.destroy();
      },
    },
  });
}

function refuse(service: string, response: Response): void {
  if (response.headersSent) return void response.destroy();
  response.emit(ANSWERED);
  const fault = appError('dependency_down', { detail: `${service} does not answer`, retryAfterSeconds: 1 });
  sendProblem(response, fault);
}
