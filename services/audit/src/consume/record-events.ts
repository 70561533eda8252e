import type { Bus, Consumer, Delivery, Verdict } from '@ironforge/bus';
import type { NewId } from '@ironforge/kernel';
import { leaveUnread, parseEvent } from '@ironforge/service-kit';
import { toEntry } from '../entry/to-entry.ts';
import type { Telemetry } from '../telemetry.ts';
import type { RecordEntry } from './create-recorder.ts';

/** Where events come from, and where their entries go. */
export interface RecordEventsDeps {
  readonly bus: Bus;
  readonly record: RecordEntry;
  readonly telemetry: Pick<Telemetry, 'eventsRecorded'>;
  readonly newId: NewId;
}

/** Turns every domain event into an entry; a message is acked once its entry is stored. */
export function recordEvents({ bus, ...deps }: RecordEventsDeps): Consumer {
  return bus.consume({ queue: 'audit', prefetch: PREFETCH, handle: createEventHandler(deps) });
}

/** Two batches of the recorder: one is stored while the next one gathers. */
const PREFETCH = 2_000;

/** Stores the entry of one event; an event of an unknown type waits for a newer process of this service. */
export function createEventHandler({ record, telemetry, newId }: Omit<RecordEventsDeps, 'bus'>) {
  return async (delivery: Delivery): Promise<Verdict> => {
    const event = parseEvent(delivery.body);
    if ('malformed' in event) return leaveUnread(event, delivery);
    const entry = toEntry(event, newId);
    if (entry !== null) await record(entry);
    telemetry.eventsRecorded(1);
    return 'ack';
  };
}
