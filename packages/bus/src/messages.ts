/** What every message is: a CloudEvent as structured JSON. */
export const CONTENT_TYPE = 'application/cloudevents+json';

/** One message for the broker; `body` is sent as JSON, `id` stays the same whenever it is sent again. */
export interface OutgoingMessage {
  readonly id: string;
  /** An exchange, or `''` for the queue that `routingKey` names. */
  readonly exchange: string;
  readonly routingKey: string;
  readonly body: object;
}

/** One message whose body is JSON text already, sent as it is. */
export interface WrittenMessage extends Omit<OutgoingMessage, 'body'> {
  readonly text: string;
  readonly headers?: Readonly<Record<string, string | number>>;
  /** `application/cloudevents+json` by default. */
  readonly contentType?: string;
}

/** Why a message does not count as published; all of them mean: send it again later. */
export type PublishFailure =
  | 'unroutable'
  | 'nacked'
  | 'channel_closed'
  | 'not_connected'
  | 'blocked'
  | 'timeout';

/** What became of one message, in the order of the messages that were given. */
export type PublishOutcome =
  | { readonly id: string; readonly confirmed: true }
  | { readonly id: string; readonly confirmed: false; readonly reason: PublishFailure };

/**
 * Sends messages; the answer comes when the broker has confirmed or refused each, or when the time for all of them is over.
 * Never throws for a refusal.
 */
export type Publish = (messages: readonly (OutgoingMessage | WrittenMessage)[]) => Promise<PublishOutcome[]>;

/** One message as a handler sees it; `body` is parsed JSON of unknown shape. */
export interface Delivery {
  readonly id: string;
  readonly queue: string;
  readonly body: unknown;
  /** How often it was tried before, by our own count: 0 the first time. */
  readonly attempt: number;
  /** How often it was put off alone so far, which counts as no try. */
  readonly timesPutOff: number;
  /** The broker gave it out before and got no answer. */
  readonly redelivered: boolean;
}

/** What is to become of a message: done; try again after a delay; never again. */
export type Verdict = 'ack' | 'retry' | { readonly dead: string };

/**
 * Handles one message. A thrown `dependency_down` pauses the consumer, `postponed` lets this message alone wait; any other
 * throw counts as `retry`, that of a neighbour who failed among them.
 */
export type Handle = (delivery: Delivery) => Promise<Verdict>;
