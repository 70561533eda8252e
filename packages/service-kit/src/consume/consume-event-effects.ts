import type { Bus, Consumer, Delivery, Verdict } from '@ironforge/bus';
import type { Scope } from '@ironforge/store';
import { type DomainEvent, parseEvent } from './parse-event.ts';
import { type RecordEffect, recordOnce } from './record-effect.ts';

/** Asks others about an event, repeatably and outside of any transaction, and gives back what is to be written. */
export type EventEffectHandler = (event: DomainEvent) => Promise<RecordEffect>;

/** Which events are consumed, and by what. */
export interface ConsumeEventEffectsOptions {
  readonly bus: Bus;
  readonly scopeOf: (event: DomainEvent) => Scope;
  readonly queue: string;
  /** The name in the inbox. */
  readonly consumer: string;
  readonly handle: EventEffectHandler;
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

async function handle(options: ConsumeEventEffectsOptions, { body }: Delivery): Promise<Verdict> {
  const event = parseEvent(body);
  if ('malformed' in event) return { dead: event.malformed };
  const record = await options.handle(event);
  await recordOnce({ scope: options.scopeOf(event), consumer: options.consumer, message: event }, record);
  return 'ack';
}
