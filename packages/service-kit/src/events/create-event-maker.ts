import type { OutgoingMessage } from '@ironforge/bus';
import { EVENTS_EXCHANGE } from '@ironforge/bus';
import type { CommandData, CommandType, Envelope, EventData, EventType } from '@ironforge/contracts';
import type { Clock, NewId, TenantId } from '@ironforge/kernel';
import { type Cause, extensionsOf } from './cause.ts';

/** What an event maker is made with. */
export interface EventMakerDeps {
  /** The service that speaks; it becomes the CloudEvents `source`. */
  readonly service: string;
  readonly clock: Clock;
  readonly newId: NewId;
}

interface Told<Data> {
  readonly tenantId: TenantId;
  /** The aggregate's id. */
  readonly subject: string;
  readonly data: Data;
  readonly cause: Cause;
}

/** What an event says; `version` is the aggregate's after it, and 1 where there is no aggregate. */
export interface EventContent<T extends EventType> extends Told<EventData<T>> {
  readonly version: number;
}

/** What a command asks, and the queue it goes to, for example `tx_broadcast.evm`. */
export interface CommandContent<T extends CommandType> extends Told<CommandData<T>> {
  readonly queue: string;
}

/** A message for the outbox. */
export type EventMessage = OutgoingMessage & { readonly body: Envelope };

/** Makes the messages of one service, each with an id and time of its own. */
export interface EventMaker {
  event<T extends EventType>(type: T, content: EventContent<T>): EventMessage;
  command<T extends CommandType>(type: T, content: CommandContent<T>): EventMessage;
}

/** Wraps what happened in a CloudEvents envelope, addressed to the events exchange or to a command queue. */
export function createEventMaker(deps: EventMakerDeps): EventMaker {
  return {
    event: (type, content) => {
      const body = wrap(deps, type, content);
      return { id: body.id, exchange: EVENTS_EXCHANGE, routingKey: type, body };
    },
    command: (type, content) => {
      const body = wrap(deps, type, { ...content, version: 1 });
      return { id: body.id, exchange: '', routingKey: content.queue, body };
    },
  };
}

function wrap(
  deps: EventMakerDeps,
  type: string,
  told: Told<unknown> & { readonly version: number },
): Envelope {
  return {
    specversion: '1.0',
    id: deps.newId(),
    type,
    source: deps.service,
    subject: told.subject,
    time: deps.clock().toISOString(),
    datacontenttype: 'application/json',
    tenantid: told.tenantId,
    aggregateversion: told.version,
    ...extensionsOf(told.cause),
    data: told.data,
  };
}
