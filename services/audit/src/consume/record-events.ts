import type { Bus, Consumer, Verdict } from '@ironforge/bus';
import type { NewId } from '@ironforge/kernel';
import { parseEvent } from '@ironforge/service-kit';
import { toEntry } from '../entry/to-entry.ts';
import type { Telemetry } from '../telemetry.ts';
import type { RecordEntry } from './create-recorder.ts';

/** Where events come from, and where their entries go. */
export interface RecordEventsDeps {
  readonly bus: Bus;
  readonly record: RecordEntry;
  readonly telemetry: Telemetry;
  readonly newId: NewId;
}

/** Turns every domain event into an entry; a message is acked once its entry is stored. */
export function recordEvents({ bus, record, telemetry, newId }: RecordEventsDeps): Consumer {
  return bus.consume({
    queue: 'audit',
    prefetch: PREFETCH,
    handle: async ({ body }): Promise<Verdict> => {
      const event = parseEvent(body);
      if ('malformed' in event) return { dead: event.malformed };
      const entry = toEntry(event, newId);
      if (entry !== null) await record(entry);
      telemetry.eventsRecorded(1);
      return 'ack';
    },
  });
}

/** Two batches of the recorder: one is stored while the next one gathers. */
const PREFETCH = 2_000;
