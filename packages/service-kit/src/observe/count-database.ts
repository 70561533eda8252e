import type { Store } from '@ironforge/store';
import { Gauge } from '@prometheus-io/client';
import type { Metrics } from './metrics.ts';

/** Registers what a service asks of the database, read whenever metrics are collected. */
export function countDatabase({ registry }: Metrics, store: Pick<Store, 'stats'>): void {
  for (const [name, { help, read }] of Object.entries(READINGS)) {
    const gauge: Gauge = new Gauge({
      name,
      help,
      registers: [registry],
      collect: () => gauge.set(read(store.stats())),
    });
  }
}

type Stats = ReturnType<Store['stats']>;

const READINGS = {
  database_round_trips_total: {
    help: 'How often an answer of the database was waited for',
    read: ({ roundTrips }: Stats) => roundTrips,
  },
  database_commits_total: {
    help: 'Transactions that were committed and may have written',
    read: ({ commits }: Stats) => commits,
  },
  database_reads_total: {
    help: 'Transactions that only read',
    read: ({ reads }: Stats) => reads,
  },
  database_retries_total: {
    help: 'Transactions that were run again after a serialization failure or a deadlock',
    read: ({ retries }: Stats) => retries,
  },
};
