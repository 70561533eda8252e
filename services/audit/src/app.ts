import type { Bus } from '@ironforge/bus';
import type { Clock, Logger, NewId } from '@ironforge/kernel';
import {
  brokerCheck,
  countDatabase,
  databaseCheck,
  type Listening,
  type Metrics,
  serveRoutes,
} from '@ironforge/service-kit';
import type { Store } from '@ironforge/store';
import type { Config } from './config.ts';
import { createRecorder } from './consume/create-recorder.ts';
import { recordEvents } from './consume/record-events.ts';
import { getEntry } from './routes/get-entry.ts';
import { listEntries } from './routes/list-entries.ts';
import { createSequencer } from './sequence/create-sequencer.ts';
import { startSweep } from './sequence/sweep.ts';
import { createTelemetry } from './telemetry.ts';

/** What the service stands on; whoever gives it also ends it. */
export interface AuditDeps {
  readonly store: Store;
  readonly bus: Bus;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly clock: Clock;
  readonly newId: NewId;
}

/** The running service. */
export type Audit = AsyncDisposable & Pick<Listening, 'url'>;

/** Starts the audit service: consumer, sequencer, sweep, routes. Disposing stops them in that order; the deps stay. */
export async function startAudit(config: Config, deps: AuditDeps): Promise<Audit> {
  const { store, bus, log, newId } = deps;
  await using stack = new AsyncDisposableStack();
  countDatabase(deps.metrics, deps.store);
  const telemetry = createTelemetry(deps.metrics.registry);
  const sequencer = stack.use(
    createSequencer({ store, log, telemetry, holder: newId(), leaseMs: LEASE_MS, batchSize: BATCH_SIZE }),
  );
  stack.use(startSweep({ store, sequencer, telemetry, log }, SWEEP));
  const record = createRecorder({ store, onRecorded: (tenantIds) => sequencer.wake(tenantIds) });
  const consumer = recordEvents({ bus, record, telemetry, newId });
  stack.defer(() => consumer.close());
  const routes = [listEntries(deps), getEntry(deps)];
  const checks = { database: databaseCheck(store), broker: brokerCheck(bus) };
  const server = stack.use(await serveRoutes({ ...deps, service: 'audit', config, routes, checks }));
  const running = stack.move();
  return { url: server.url, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

const LEASE_MS = 5_000;
const BATCH_SIZE = 500;
const SWEEP = { intervalMs: 1_000, holdAlertSeconds: 60 };
