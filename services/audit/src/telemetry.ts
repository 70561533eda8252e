import { Counter, Gauge, type Registry } from '@prometheus-io/client';

/** The business metrics of the audit log. */
export interface Telemetry {
  eventsRecorded(count: number): void;
  entriesNumbered(count: number): void;
  entriesWaiting(state: { readonly entries: number; readonly heldAggregates: number }): void;
  /** Sealed entries, of all tenants, that are under no checkpoint which this witness cosigned. */
  entriesUnwitnessed(witness: string, entries: number): void;
  witnessTurn(witness: string, outcome: string): void;
}

/** Registers the metrics. */
export function createTelemetry(registry: Registry): Telemetry {
  const registers = [registry];
  const recorded = new Counter({
    name: 'audit_events_recorded_total',
    help: 'Events taken in, repeated ones included',
    registers,
  });
  const numbered = new Counter({
    name: 'audit_entries_numbered_total',
    help: 'Entries that got their number',
    registers,
  });
  const waiting = new Gauge({
    name: 'audit_entries_waiting',
    help: 'Entries without a number',
    registers,
  });
  const held = new Gauge({
    name: 'audit_aggregates_held',
    help: 'Aggregates whose entries wait for over a minute: a version is missing',
    registers,
  });
  const unwitnessed = new Gauge({
    name: 'audit_entries_unwitnessed',
    help: 'Sealed entries that are under no checkpoint which the witness cosigned',
    labelNames: ['witness'],
    registers,
  });
  const turns = new Counter({
    name: 'audit_witness_turns_total',
    help: 'How often a witness was asked to cosign, by what came of it',
    labelNames: ['witness', 'outcome'],
    registers,
  });
  return {
    eventsRecorded: (count) => recorded.inc(count),
    entriesNumbered: (count) => numbered.inc(count),
    entriesWaiting: ({ entries, heldAggregates }) => {
      waiting.set(entries);
      held.set(heldAggregates);
    },
    entriesUnwitnessed: (witness, entries) => unwitnessed.set({ witness }, entries),
    witnessTurn: (witness, outcome) => turns.inc({ witness, outcome }),
  };
}
