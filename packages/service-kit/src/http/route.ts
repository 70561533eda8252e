import type { Route } from '@ironforge/contracts';
import type { AppError } from '@ironforge/kernel';
import type { IdempotentCall } from '@ironforge/store';
import type { z } from 'zod';
import type { Caller } from '../internal/caller.ts';

/** Where a request comes from and what it belongs to; goes into events and logs. */
export interface Origin {
  readonly requestId: string;
  /** The client's address as the gateway saw it. */
  readonly ip: string;
  readonly userAgent: string;
  readonly traceparent: string;
}

/** A request as a handler gets it: everything parsed by the route's schemas, the caller verified. */
export interface ApiRequest<R extends Route = Route, C extends Caller = Caller> extends Origin {
  readonly params: z.output<R['params']>;
  readonly query: z.output<R['query']>;
  readonly body: z.output<R['body']>;
  readonly caller: C;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Null when the caller sent no `Idempotency-Key`. */
  readonly idempotency: IdempotencyClaim | null;
  /** Aborted when the caller hung up before he had his answer: nobody waits for it any more. */
  readonly hungUp: AbortSignal;
  /**
   * By when, on the clock of `performance.now()`, calls made for this answer have to end, so that it comes while it is waited for; undefined
   * when the caller did not say how long he waits.
   */
  readonly answerBy: number | undefined;
}

/** What makes a repeated POST the same one; its `bodyHash` is of the canonical JSON of parameters, query and body. */
export type IdempotencyClaim = IdempotentCall;

/** What a handler answers with, in JSON. */
export interface Answer {
  readonly status: number;
  /** Undefined for an answer without content. */
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer in the media of its route, sent as its pieces come; when they throw, the connection is cut, for the status is out already. */
export interface StreamedAnswer {
  readonly status: number;
  /** Ended by its `return` when the caller hangs up. */
  readonly pieces: AsyncIterable<string | Uint8Array>;
  /** Called once when no more will be sent, also when no piece was ever asked for. */
  readonly onEnd?: () => void;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers one request; a refusal is a thrown or returned AppError. */
export type Handler<R extends Route, C extends Caller> = (
  request: ApiRequest<R, C>,
) => Promise<Answer | StreamedAnswer | AppError>;
