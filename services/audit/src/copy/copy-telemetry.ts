import type { RefusalReason } from '@ironforge/immudb';
import { Gauge, type Registry } from '@prometheus-io/client';

/** The metrics of the copy in immudb. */
export interface CopyTelemetry {
  entriesBehind(entries: number): void;
  /** Null once an answer is believed again. */
  refusedFor(reason: RefusalReason | null): void;
}

/** Registers the metrics; a service that has no immudb has none of them. */
export function createCopyTelemetry(registry: Registry): CopyTelemetry {
  const registers = [registry];
  const behind = new Gauge({
    name: 'audit_copy_entries_behind',
    help: 'Entries that are sealed and not in immudb yet',
    registers,
  });
  const refused = new Gauge({
    name: 'audit_copy_refused',
    help: '1 while nothing is copied, since what immudb answers is not believed; the reason as label',
    labelNames: ['reason'],
    registers,
  });
  return {
    entriesBehind: (entries) => behind.set(entries),
    refusedFor: (reason) => {
      refused.reset();
      if (reason !== null) refused.set({ reason }, 1);
    },
  };
}
