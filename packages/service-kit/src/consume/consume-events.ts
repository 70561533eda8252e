import type { Bus, Consumer, Delivery, Verdict } from '@ironforge/bus';
import type { EventType } from '@ironforge/contracts';
import type { TransactionScope, Tx } from '@ironforge/store';
import { leaveUnread } from './leave-unread.ts';
import { type DomainEvent, parseEvent } from './parse-event.ts';
import { recordOnce } from './record-effect.ts';

/** Changes the state by one event, in the transaction that also records the event in the inbox; repeatable, no network. */
export type StateHandler<T extends EventType> = (tx: Tx, event: DomainEvent<T>) => Promise<void>;

/** What a service does on which event; types without a handler are acked and left alone. */
export type StateHandlers = { readonly [T in EventType]?: StateHandler<T> };

/** Which events are consumed, and by what. */
export interface ConsumeEventsOptions {
  readonly bus: Bus;
  /** Where the transaction of an event runs, by its tenant. */
  readonly scopeOf: (event: DomainEvent) => TransactionScope;
  readonly queue: string;
  /** The name in the inbox; one consumer handles a message once. */
  readonly consumer: string;
  readonly handlers: StateHandlers;
  readonly prefetch?: number;
}

const DEFAULT_PREFETCH = 32;

/** Consumes events by state handlers: parse (bad shape is dead), one transaction of inbox and effect, ack after the commit. */
export function consumeEvents(options: ConsumeEventsOptions): Consumer {
  const { bus, queue, prefetch = DEFAULT_PREFETCH } = options;
  return bus.consume({ queue, prefetch, handle: async (delivery) => await handle(options, delivery) });
}

async function handle(options: ConsumeEventsOptions, delivery: Delivery): Promise<Verdict> {
  const event = parseEvent(delivery.body);
  if ('malformed' in event) return leaveUnread(event, delivery);
  const run = handlerOf(options.handlers, event);
  if (run === null) return 'ack';
  await recordOnce({ scope: options.scopeOf(event), consumer: options.consumer, message: event }, run);
  return 'ack';
}

function handlerOf<T extends EventType>(
  handlers: { readonly [K in T]?: StateHandler<K> },
  event: DomainEvent<T>,
): ((tx: Tx) => Promise<void>) | null {
  const handler = handlers[event.type];
  return handler === undefined ? null : async (tx) => await handler(tx, event);
}
