import type { Bus, Consumer, Delivery, Verdict } from '@ironforge/bus';
import { branded, hasCode, type TenantId } from '@ironforge/kernel';
import {
  createGathering,
  type InboxEntry,
  takeIn,
  type TransactionScope,
  type Tx,
  wasTakenIn,
} from '@ironforge/store';
import { bulkhead } from 'cockatiel';
import { leaveUnread } from './leave-unread.ts';
import { asOwnWait } from './own-wait.ts';
import { type DomainEvent, parseEvent } from './parse-event.ts';

/** Changes the state by events of one place, in the transaction that also records them in the inbox; repeatable, no network. */
export type BatchHandler = (tx: Tx, events: readonly DomainEvent[]) => Promise<void>;

/** Which events are consumed, and by what. */
export interface ConsumeEventBatchesOptions {
  readonly bus: Bus;
  /** Where the transaction of an event runs, by its tenant. */
  readonly scopeOf: (event: DomainEvent) => TransactionScope;
  /** What an event is about: events of one place are handled together, one batch after the other. Null: acked, left alone. */
  readonly placeOf: (event: DomainEvent) => string | null;
  readonly queue: string;
  /** The name in the inbox; one consumer handles a message once. */
  readonly consumer: string;
  readonly handle: BatchHandler;
}

const PREFETCH = 128;
const MAX_TOGETHER = 32;
/** A few at a time end sooner on average than all at once, and leave turns to requests that come meanwhile. */
const PLACES_AT_ONCE = 2;

/**
 * Consumes events in batches: those of one place that come while earlier ones are handled share one transaction of inbox and
 * effect, and are acked after its commit. When a batch fails, each of its events is handled alone.
 */
export function consumeEventBatches(options: ConsumeEventBatchesOptions): Consumer {
  const places = bulkhead(PLACES_AT_ONCE, Number.POSITIVE_INFINITY);
  const gathering = createGathering<Waiting>({
    maxTogether: MAX_TOGETHER,
    turn: async (begin) => await places.execute(begin),
    together: async (batch) => await handleTogether(options, batch),
  });
  const handled = async (place: string, event: DomainEvent) =>
    await new Promise<void>((resolve, reject) => gathering.add(place, { event, resolve, reject }));
  return options.bus.consume({
    queue: options.queue,
    prefetch: PREFETCH,
    handle: async (delivery: Delivery): Promise<Verdict> => {
      const event = parseEvent(delivery.body);
      if ('malformed' in event) return leaveUnread(event, delivery);
      const place = options.placeOf(event);
      if (place !== null) await handled(`${event.tenantid} ${place}`, event);
      return 'ack';
    },
  });
}

interface Waiting {
  readonly event: DomainEvent;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

async function handleTogether(options: ConsumeEventBatchesOptions, batch: readonly Waiting[]): Promise<void> {
  try {
    await record(
      options,
      batch.map(({ event }) => event),
    );
  } catch (error) {
    return await handleFailed(options, { batch, error });
  }
  for (const { resolve } of batch) resolve();
}

/**
 * What one event makes impossible is no reason to keep its siblings; a database that is away is the same for all, and what somebody
 * else holds for too long is needed by all of one place.
 */
async function handleFailed(
  options: ConsumeEventBatchesOptions,
  { batch, error }: { readonly batch: readonly Waiting[]; readonly error: unknown },
): Promise<void> {
  if (batch.length > 1 && !hasCode(error, 'dependency_down')) {
    for (const one of batch) await handleTogether(options, [one]);
    return;
  }
  for (const { resolve, reject } of batch) {
    if (wasTakenIn(error)) resolve();
    else reject(asOwnWait(error));
  }
}

async function record(
  { scopeOf, consumer, handle }: ConsumeEventBatchesOptions,
  events: readonly DomainEvent[],
): Promise<void> {
  const [first] = events;
  if (first === undefined) return;
  await scopeOf(first).transaction(async (tx) => {
    takeIn(tx, ...events.map(({ tenantid, id }) => entryOf(tenantid, consumer, id)));
    await handle(tx, events);
  });
}

function entryOf(tenantId: string, consumer: string, messageId: string): InboxEntry {
  return { tenantId: branded<TenantId>(tenantId), consumer, messageId };
}
