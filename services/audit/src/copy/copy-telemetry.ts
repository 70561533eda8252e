import type { RefusalReason } from '@ironforge/immudb';
import { Gauge, type Registry } from '@prometheus-io/client';

/** The metrics of the copy in immudb. */
export interface CopyTelemetry {
  entriesBehind(entries: number): void;
  /** Null once an answer is believed again. */
  refusedFor(reason: RefusalReason | null): void;
  /** So many logs are not copied for a reason of their own. */
  tenantsRefused(tenants: number): void;
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
  const tenants = new Gauge({
    name: 'audit_copy_tenants_refused',
    help: 'Tenants whose log is not copied for a reason of its own, until somebody has looked',
    registers,
  });
  return {
    entriesBehind: (entries) => behind.set(entries),
    tenantsRefused: (count) => tenants.set(count),
    refusedFor: (reason) => {
      refused.reset();
      if (reason !== null) refused.set({ reason }, 1);
    },
  };
}
