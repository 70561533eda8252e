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
import { createManagement } from './broker/management.ts';
import { createStreamAdmin } from './broker/stream-admin.ts';
import { createTenantStreams, type TenantStreamsDeps } from './broker/tenant-streams.ts';
import { createRecorder } from './consume/create-recorder.ts';
import { recordEvents } from './consume/record-events.ts';
import type { Ledger } from './copy/copy-part.ts';
import type { Copier } from './copy/create-copier.ts';
import { createCopyTelemetry } from './copy/copy-telemetry.ts';
import { startCopy } from './copy/start-copy.ts';
import { createOwnEntries, type OwnAct } from './entry/own-entries.ts';
import { createHeads } from './follow/create-heads.ts';
import { startFollowing } from './follow/start-following.ts';
import { deleteBrokerStream } from './routes/delete-broker-stream.ts';
import { getBrokerStream } from './routes/get-broker-stream.ts';
import { putBrokerStream } from './routes/put-broker-stream.ts';
import { rotateBrokerCredentials } from './routes/rotate-broker-credentials.ts';
import { getEntry } from './routes/get-entry.ts';
import { getConsistency } from './routes/get-consistency.ts';
import { getLatestCheckpoint } from './routes/get-latest-checkpoint.ts';
import { getProof } from './routes/get-proof.ts';
import { listCheckpoints } from './routes/list-checkpoints.ts';
import { listEntries } from './routes/list-entries.ts';
import { streamEntries } from './routes/stream-entries.ts';
import { createSequencer, type SequencerDeps } from './sequence/create-sequencer.ts';
import { startSweep } from './sequence/sweep.ts';
import { createOpenStreams } from './stream/open-streams.ts';
import { createTelemetry } from './telemetry.ts';
import { createLogSigners, type SigningIdentity } from './seal/log-signers.ts';
import { type FollowDeps, followWitness } from './witness/follow-witness.ts';

/** What the service stands on; whoever gives it also ends it. */
export interface AuditDeps {
  readonly store: Store;
  readonly bus: Bus;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly clock: Clock;
  readonly newId: NewId;
  /** Null where the log is kept in SQL alone. */
  readonly ledger: Ledger | null;
}

/** The running service. */
export type Audit = AsyncDisposable & Pick<Listening, 'url'>;

/** Starts the audit service: sequencer, sweep, copy, consumer, witnesses, routes. Disposing stops them the other way round; the deps stay. */
export async function startAudit(config: Config, deps: AuditDeps): Promise<Audit> {
  const { store, bus, log, newId, ledger } = deps;
  await using stack = new AsyncDisposableStack();
  countDatabase(deps.metrics, deps.store);
  const telemetry = createTelemetry(deps.metrics.registry);
  const signers = createLogSigners(identityOf(config));
  const heads = stack.use(createHeads(deps, HEADS_LOOK_MS));
  const copier = ledger === null ? null : stack.use(copyTo(ledger, deps));
  const onSealed: SequencerDeps['onSealed'] = (tenantId, size) => {
    heads.grew(tenantId, size);
    copier?.wake();
  };
  const own = createOwnEntries({ ...deps, onRecorded: (tenantIds) => sequencer.wake(tenantIds) });
  const sealing = { signers, makeEntry: (act: OwnAct) => own.make(act), onSealed, ...BATCHES };
  const sequencer = stack.use(createSequencer({ store, log, telemetry, holder: newId(), ...sealing }));
  stack.use(startSweep({ store, sequencer, signers, telemetry, log }, SWEEP));
  const record = createRecorder({ store, onRecorded: (tenantIds) => sequencer.wake(tenantIds) });
  const consumer = recordEvents({ bus, record, telemetry, newId });
  stack.defer(() => consumer.close());
  const pace = paceOf(config);
  for (const witness of config.AUDIT_WITNESSES)
    stack.use(followWitness({ store, log, telemetry, ...pace }, witness));
  const following = stack.use(startFollowing(deps, heads));
  const tenantStreams = createTenantStreams({ store, own, onChanged: following.wake, ...brokerOf(config) });
  const routes = [
    listEntries(deps),
    getBrokerStream(tenantStreams),
    putBrokerStream(tenantStreams),
    deleteBrokerStream(tenantStreams),
    rotateBrokerCredentials(tenantStreams),
    streamEntries({ store, heads, heartbeatMs: HEARTBEAT_MS, streams: createOpenStreams(STREAMS_AT_ONCE) }),
    getEntry(deps),
    getProof({ store, database: ledger?.database ?? null }),
    listCheckpoints(deps),
    getLatestCheckpoint({ store, signers }),
    getConsistency(deps),
  ];
  const checks = { database: databaseCheck(store), broker: brokerCheck(bus) };
  const server = stack.use(await serveRoutes({ ...deps, service: 'audit', config, routes, checks }));
  const running = stack.move();
  return { url: server.url, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

/** Of a tenant, in one process. */
const STREAMS_AT_ONCE = 20;
const HEARTBEAT_MS = 15_000;
const HEADS_LOOK_MS = 1_000;
const BATCHES = { leaseMs: 5_000, batchSize: 500 };
const SWEEP = { intervalMs: 1_000, holdAlertSeconds: 60 };
const COPY = {
  leaseMs: 15_000,
  intervalMs: 2_000,
  lagAlertSeconds: 60,
  busyMs: 100,
  firstMs: 250,
  mostMs: 10_000,
  refusedMs: 60_000,
};

function copyTo(ledger: Ledger, { store, log, metrics, newId }: AuditDeps): Copier {
  const telemetry = createCopyTelemetry(metrics.registry);
  return startCopy({ store, log, ledger, telemetry, holder: newId() }, COPY);
}

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

function identityOf(config: Config): SigningIdentity {
  const previous = config.AUDIT_PREVIOUS_SIGNING_KEY;
  return {
    origin: config.AUDIT_ORIGIN,
    seed: seedOf(config.AUDIT_SIGNING_KEY),
    previousSeed: previous === undefined ? null : seedOf(previous),
  };
}

function seedOf({ d }: Config['AUDIT_SIGNING_KEY']): Uint8Array {
  return Buffer.from(d, 'base64url');
}
