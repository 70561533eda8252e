import { hostname } from 'node:os';
import type { Bus } from '@ironforge/bus';
import type { Clock, Logger, NewId, TenantId } from '@ironforge/kernel';
import {
  brokerCheck,
  type CallInternal,
  countDatabase,
  databaseCheck,
  type Listening,
  type Metrics,
  serveRoutes,
} from '@ironforge/service-kit';
import type { Store } from '@ironforge/store';
import type { Config } from './config.ts';
import { createManagement } from './broker/management.ts';
import { createStreamAdmin } from './broker/stream-admin.ts';
import { createTenantStreams, type TenantStreamsDeps } from './broker/tenant-streams.ts';
import { createRecorder } from './consume/create-recorder.ts';
import { recordEvents } from './consume/record-events.ts';
import type { OpenLedger } from './copy/open-ledger.ts';
import type { Copier } from './copy/create-copier.ts';
import { createCopyTelemetry } from './copy/copy-telemetry.ts';
import { startCopy } from './copy/start-copy.ts';
import { createOwnEntries, type OwnAct } from './entry/own-entries.ts';
import { createHeads } from './follow/create-heads.ts';
import { startFollowing } from './follow/start-following.ts';
import { createKeeper } from './keep/create-keeper.ts';
import { createSeal } from './personal/seal-whereabouts.ts';
import { createExporter, type Exporter } from './export/create-exporter.ts';
import { createExportTelemetry } from './export/export-telemetry.ts';
import { auditRoutes } from './routes.ts';
import { createSequencer, type SequencerDeps } from './sequence/create-sequencer.ts';
import { reportNumbered } from './sequence/report-numbered.ts';
import { startSweep } from './sequence/sweep.ts';
import { createTelemetry } from './telemetry.ts';
import { createLogSigners, type LogSigners } from './seal/log-signers.ts';
import { signingIdentityOf } from './seal/signing-identity.ts';
import { type FollowDeps, followWitness } from './witness/follow-witness.ts';

/** What the service stands on; whoever gives it also ends it. */
export interface AuditDeps {
  readonly store: Store;
  readonly bus: Bus;
  readonly call: CallInternal;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly clock: Clock;
  readonly newId: NewId;
  /** Null where the log is kept in SQL alone. */
  readonly ledger: OpenLedger | null;
}

/** The running service. */
export type Audit = AsyncDisposable & Pick<Listening, 'url'>;

/** Starts the audit service: sequencer, sweep, copy, consumer, witnesses, routes. Disposing stops them the other way round; the deps stay. */
export async function startAudit(config: Config, deps: AuditDeps): Promise<Audit> {
  const { store, bus, log, newId, ledger } = deps;
  await using stack = new AsyncDisposableStack();
  countDatabase(deps.metrics, deps.store);
  const telemetry = createTelemetry(deps.metrics.registry);
  const signers = createLogSigners(signingIdentityOf(config));
  const heads = stack.use(createHeads(deps, HEADS_LOOK_MS));
  const copier = ledger === null ? null : stack.use(copyTo(ledger, deps));
  const onSealed: SequencerDeps['onSealed'] = (tenantId, size) => {
    heads.grew(tenantId, size);
    copier?.wake();
  };
  const seal = createSeal(deps.call);
  const onRecorded = (tenantIds: readonly TenantId[]) => sequencer.wake(tenantIds);
  const own = createOwnEntries({ ...deps, seal, onRecorded });
  const numbering = { store, log, telemetry, signers, holder: newId(), ...BATCHES };
  const makeEntry = (act: OwnAct) => own.make(act);
  const sequencer = stack.use(createSequencer({ ...numbering, makeEntry, onSealed }));
  stack.use(startSweep({ store, sequencer, signers, telemetry, log }, SWEEP));
  const record = createRecorder({
    ...numbering,
    clock: deps.clock,
    seal,
    onRecorded: (tenantId, { numbered, size, left }) => {
      reportNumbered(numbering, tenantId, numbered);
      if (numbered.length > 0 && size !== null) onSealed(tenantId, size);
      if (left.length > 0) sequencer.wake([tenantId]);
    },
  });
  const database = ledger?.database ?? null;
  const keeper = stack.use(
    createKeeper({ store, own, signers, database, telemetry, log, batchSize: 500 }, KEEPING),
  );
  const consumer = recordEvents({ bus, record, telemetry, newId });
  stack.defer(() => consumer.close());
  const pace = paceOf(config);
  for (const witness of config.AUDIT_WITNESSES)
    stack.use(followWitness({ store, log, telemetry, ...pace }, witness));
  const exporter = stack.use(exportFrom(deps, config, signers));
  const targets = config.AUDIT_PUSH;
  const following = stack.use(startFollowing({ ...deps, targets, host: hostname() }, heads));
  const tenantStreams = createTenantStreams({ store, own, onChanged: following.wake, ...brokerOf(config) });
  const routes = auditRoutes({ ...deps, own, signers, keeper, exporter, heads, tenantStreams });
  const checks = { database: databaseCheck(store), broker: brokerCheck(bus) };
  const server = stack.use(await serveRoutes({ ...deps, service: 'audit', config, routes, checks }));
  const running = stack.move();
  return { url: server.url, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

const HEADS_LOOK_MS = 1_000;
const BATCHES = { leaseMs: 5_000, batchSize: 1_000 };
const SWEEP = { intervalMs: 1_000, holdAlertSeconds: 60 };
/** Who sets a retention, or releases a hold, wakes it; besides, months end. */
const KEEPING = { intervalMs: 3_600_000 };
const COPY = {
  leaseMs: 15_000,
  intervalMs: 2_000,
  lagAlertSeconds: 60,
  gatherMs: 1_000,
  busyMs: 100,
  firstMs: 250,
  mostMs: 10_000,
  refusedMs: 60_000,
};

function copyTo(ledger: OpenLedger, { store, log, metrics, newId }: AuditDeps): Copier {
  const telemetry = createCopyTelemetry(metrics.registry);
  return startCopy({ store, log, ledger, telemetry, holder: newId() }, COPY);
}

function exportFrom(
  { store, log, clock, newId, metrics }: AuditDeps,
  config: Config,
  signers: LogSigners,
): Exporter {
  const telemetry = createExportTelemetry(metrics.registry);
  const size = { leaseMs: EXPORTS.leaseMs, partEntries: config.AUDIT_EXPORT_PART_ENTRIES };
  return createExporter({ ...size, store, log, clock, signers, telemetry, holder: newId() }, EXPORTS);
}

const EXPORTS = { leaseMs: 10_000, intervalMs: 2_000, atOnce: 2 };

const WITNESS_DEADLINE_MS = 8_000;
const WITNESS_LOOK_MS = 1_000;

/** A turn is over before the next one, and it is looked ten times in between, so that a log is asked about when that comes. */
function paceOf({
  AUDIT_WITNESS_PACE_MS: paceMs,
}: Config): Pick<FollowDeps, 'paceMs' | 'deadlineMs' | 'lookMs'> {
  return {
    paceMs,
    deadlineMs: Math.min(WITNESS_DEADLINE_MS, paceMs),
    lookMs: Math.min(WITNESS_LOOK_MS, paceMs / 10),
  };
}

/** What tenants are told of the broker holds no user and no password. */
function brokerOf(config: Config): Pick<TenantStreamsDeps, 'admin' | 'amqpUrl'> {
  const { AMQP_MANAGEMENT_URL: managementUrl, AMQP_URL, AMQP_PUBLIC_URL = AMQP_URL } = config;
  const shown = new URL(AMQP_PUBLIC_URL);
  shown.username = '';
  shown.password = '';
  const vhost = decodeURIComponent(new URL(AMQP_URL).pathname.slice(1)) || '/';
  const admin =
    managementUrl === undefined ? null : createStreamAdmin(createManagement(managementUrl), vhost);
  return { admin, amqpUrl: shown.href };
}
