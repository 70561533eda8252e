import type { Bus, Consumer, Delivery, Verdict } from '@ironforge/bus';
import type { EventType } from '@ironforge/contracts';
import type { TransactionScope } from '@ironforge/store';
import { leaveUnread } from './leave-unread.ts';
import { waitingAlone } from './own-wait.ts';
import { type DomainEvent, parseEvent } from './parse-event.ts';
import { type RecordEffect, recordOnce } from './record-effect.ts';

/** Asks others about an event, repeatably and outside of any transaction, and gives back what is to be written. */
export type EventEffectHandler<T extends EventType> = (event: DomainEvent<T>) => Promise<RecordEffect>;

/** What a service asks on which event; types without a handler are acked and left alone. */
export type EventEffectHandlers = { readonly [T in EventType]?: EventEffectHandler<T> };

/** Which events are consumed, and by what. */
export interface ConsumeEventEffectsOptions {
  readonly bus: Bus;
  readonly scopeOf: (event: DomainEvent) => TransactionScope;
  readonly queue: string;
  /** The name in the inbox. */
  readonly consumer: string;
  readonly handlers: EventEffectHandlers;
}

const PREFETCH = 16;

/** Consumes events whose handling must ask others: parse (bad shape is dead), ask, one transaction of inbox and result, ack. */
export function consumeEventEffects(options: ConsumeEventEffectsOptions): Consumer {
  const { bus, queue } = options;
  return bus.consume({
    queue,
    prefetch: PREFETCH,
    handle: async (delivery) => await handle(options, delivery),
  });
}

async function handle(options: ConsumeEventEffectsOptions, delivery: Delivery): Promise<Verdict> {
  const event = parseEvent(delivery.body);
  if ('malformed' in event) return leaveUnread(event, delivery);
  const asking = effectOf(options.handlers, event);
  if (asking === null) return 'ack';
  const message = { scope: options.scopeOf(event), consumer: options.consumer, message: event };
  await recordOnce(message, await waitingAlone(asking));
  return 'ack';
}

function effectOf<T extends EventType>(
  handlers: { readonly [K in T]?: EventEffectHandler<K> },
  event: DomainEvent<T>,
): Promise<RecordEffect> | null {
  return handlers[event.type]?.(event) ?? null;
}
