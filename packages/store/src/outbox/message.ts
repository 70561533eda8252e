import type { Envelope } from '@ironforge/contracts';

/** A message to publish once the transaction is stored; `id` is the event's id and never changes. */
export interface OutboxMessage {
  readonly id: string;
  readonly exchange: string;
  readonly routingKey: string;
  readonly body: Envelope;
}

/** A message as its row has it: the text was written from an envelope, and is sent as it is. */
export interface WrittenMessage extends Omit<OutboxMessage, 'body'> {
  readonly text: string;
}

/** A message that is about to have a row. */
export interface NewMessage extends WrittenMessage {
  readonly tenantId: string;
}

/** What the broker said about one message. */
export interface PublishOutcome {
  readonly id: string;
  readonly confirmed: boolean;
}

/** Whoever speaks to the broker; `@ironforge/bus` fits. */
export interface Publisher {
  publish(messages: readonly WrittenMessage[]): Promise<readonly PublishOutcome[]>;
}
