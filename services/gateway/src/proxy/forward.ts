import { Agent, type ClientRequest, type IncomingMessage } from 'node:http';
import { appError } from '@ironforge/contracts';
import { type AppError, type Logger, present } from '@ironforge/kernel';
import { sendProblem } from '@ironforge/service-kit';
import type { Request, RequestHandler, Response } from 'express';
import { createProxyMiddleware } from 'http-proxy-middleware';
import { dropHopByHop } from '../hop-by-hop.ts';
import { heldBody } from './hold-body.ts';
import type { PassAnswer } from './pass-answer.ts';
import { createTurns } from './turns.ts';

/** Where to pass requests on to. */
export interface ForwardOptions {
  readonly service: string;
  readonly url: string;
  readonly log: Logger;
  readonly pass: PassAnswer;
  /** How many requests the service works on at the same time; 256 by default. */
  readonly maxSockets?: number;
  /** How many more wait for that; 1,000 by default. */
  readonly maxWaiting?: number;
  /** How long one waits for that, in milliseconds; 5,000 by default, much less than the life of an internal token. */
  readonly maxWaitMs?: number;
}

/** Passes requests on; `onAnswered` is called just before a client hears what the service answered, or that it did not. */
export type Forward = (onAnswered?: () => void) => RequestHandler;

/** How long a service may take to answer, in milliseconds; long polls end before. */
const ANSWER_TIMEOUT_MS = 60_000;

/**
 * Passes requests on to one service as they are, and its answers back; 503 `dependency_down` while it is away, `overloaded` while
 * too many wait for it, or one has waited too long.
 */
export function createForward(options: ForwardOptions): Forward {
  const { maxSockets = 256, maxWaiting = 1_000, maxWaitMs = 5_000 } = options;
  const turns = createTurns({ atOnce: maxSockets, waiting: maxWaiting, withinMs: maxWaitMs });
  const ongoing = new WeakMap<Response, Ongoing>();
  const proxy = createProxy(options, new Agent({ keepAlive: true, maxSockets }), ongoing);
  return (onAnswered = () => undefined) =>
    async (request, response, next) => {
      const giveBack = await turns.take(response);
      if (response.closed) return;
      if (giveBack === null) {
        onAnswered();
        return sendProblem(response, appError('overloaded', { retry: 'later' }));
      }
      ongoing.set(response, { onAnswered, onServed: giveBack });
      await proxy(request, response, next);
    };
}

/** Who is told how far a request is. */
interface Ongoing {
  readonly onAnswered: () => void;
  /** The service has nothing more to do for it, though its client may still read. */
  readonly onServed: () => void;
}

function createProxy(
  { service, url, log, pass }: ForwardOptions,
  agent: Agent,
  ongoing: WeakMap<Response, Ongoing>,
) {
  const told = (response: Response) => present(ongoing.get(response), 'a request that was passed on');
  return createProxyMiddleware<Request, Response>({
    target: url,
    agent,
    xfwd: false,
    proxyTimeout: ANSWER_TIMEOUT_MS,
    selfHandleResponse: true, // the library would pass the service's Connection on
    on: {
      proxyReq: writeBody,
      proxyRes: (answer, _request, response) => {
        const { onAnswered, onServed } = told(response);
        onAnswered();
        answer.once('close', onServed);
        writeHead(response, answer);
        pass(answer, response);
      },
      error: (error, request, response) => {
        log.warn({ err: error, service, method: request.method }, 'a service does not answer');
        if ('headersSent' in response && !response.headersSent) {
          told(response).onAnswered();
          sendProblem(response, awayFault(service));
        } else response.destroy();
      },
    },
  });
}

/** What was held; all that is left of the request itself is its end, which comes after this. */
function writeBody(outgoing: ClientRequest, request: Request): void {
  const body = heldBody(request);
  if (body !== undefined) outgoing.write(body);
}

/** Without what was said to us alone; how this hop frames the answer is Node's affair. */
function writeHead(response: Response, answer: IncomingMessage): void {
  const { statusCode, statusMessage, headers } = answer;
  dropHopByHop(headers);
  delete headers['transfer-encoding'];
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) response.setHeader(name, value);
  }
  response.writeHead(present(statusCode, 'the status of an answer'), statusMessage);
}

function awayFault(service: string): AppError {
  return appError('dependency_down', { detail: `${service} does not answer`, retryAfterSeconds: 1 });
}
