import type { Envelope } from '@ironforge/contracts';

/** A message to publish once the transaction is stored; `id` is the event's id and never changes. */
export interface OutboxMessage {
  readonly id: string;
  readonly exchange: string;
  readonly routingKey: string;
  readonly body: Envelope;
}

/** What the broker said about one message. */
export interface PublishOutcome {
  readonly id: string;
  readonly confirmed: boolean;
}

/** Whoever speaks to the broker; `@ironforge/bus` fits. */
export interface Publisher {
  publish(messages: readonly OutboxMessage[]): Promise<readonly PublishOutcome[]>;
}
