import type { Clock, Logger, NewId } from '@ironforge/kernel';
import { type BoundRoute, type CallInternal, createPlaces } from '@ironforge/service-kit';
import type { Store } from '@ironforge/store';
import type { TenantStreams } from './broker/tenant-streams.ts';
import type { OpenLedger } from './copy/open-ledger.ts';
import type { OwnEntries } from './entry/own-entries.ts';
import type { Exporter } from './export/create-exporter.ts';
import type { Heads } from './follow/create-heads.ts';
import type { Keeper } from './keep/create-keeper.ts';
import { createExport } from './routes/create-export.ts';
import { createReport } from './routes/create-report.ts';
import { getCertificate } from './routes/get-certificate.ts';
import { getConsistency } from './routes/get-consistency.ts';
import { getEntry } from './routes/get-entry.ts';
import { getExportFile } from './routes/get-export-file.ts';
import { getExportManifest } from './routes/get-export-manifest.ts';
import { getExport } from './routes/get-export.ts';
import { getHistory } from './routes/get-history.ts';
import { getLatestCheckpoint } from './routes/get-latest-checkpoint.ts';
import { getPersonal } from './routes/get-personal.ts';
import { getProof } from './routes/get-proof.ts';
import { getReport } from './routes/get-report.ts';
import { getRetention } from './routes/get-retention.ts';
import { listCertificates } from './routes/list-certificates.ts';
import { listCheckpoints } from './routes/list-checkpoints.ts';
import { listEntries } from './routes/list-entries.ts';
import { listExports } from './routes/list-exports.ts';
import { listHolds } from './routes/list-holds.ts';
import { listReports } from './routes/list-reports.ts';
import { placeHold } from './routes/place-hold.ts';
import { releaseHold } from './routes/release-hold.ts';
import { setRetention } from './routes/set-retention.ts';
import { deleteBrokerStream } from './routes/delete-broker-stream.ts';
import { getBrokerStream } from './routes/get-broker-stream.ts';
import { putBrokerStream } from './routes/put-broker-stream.ts';
import { rotateBrokerCredentials } from './routes/rotate-broker-credentials.ts';
import { streamEntries } from './routes/stream-entries.ts';
import type { LogSigners } from './seal/log-signers.ts';

/** What the routes reach. */
export interface AuditRouteDeps {
  readonly store: Store;
  readonly call: CallInternal;
  readonly log: Logger;
  readonly clock: Clock;
  readonly newId: NewId;
  /** Null where the log is kept in SQL alone. */
  readonly ledger: OpenLedger | null;
  readonly own: OwnEntries;
  readonly signers: LogSigners;
  readonly keeper: Keeper;
  readonly exporter: Exporter;
  readonly heads: Heads;
  readonly tenantStreams: TenantStreams;
}

/** Every route of the audit service, bound. */
export function auditRoutes(deps: AuditRouteDeps): BoundRoute[] {
  const place = { store: deps.store, database: deps.ledger?.database ?? null };
  return [
    ...[listEntries(place), getHistory(place), getEntry(deps), getProof(deps)],
    streamEntries({ ...deps, heartbeatMs: HEARTBEAT_MS, places: createPlaces(STREAMS_AT_ONCE) }),
    getPersonal(deps),
    ...[listCheckpoints(deps), getLatestCheckpoint(deps), getConsistency(deps)],
    ...[getRetention(deps), setRetention(deps), placeHold(deps), listHolds(deps), releaseHold(deps)],
    ...[listCertificates(place), getCertificate(deps)],
    createExport({ ...deps, onAsked: deps.exporter.wake }),
    ...[listExports(deps), getExport(deps), getExportFile(deps), getExportManifest(deps)],
    ...[createReport(deps), listReports(deps), getReport(deps)],
    ...brokerStreamRoutes(deps.tenantStreams),
  ];
}

/** Of a tenant, in one process. */
const STREAMS_AT_ONCE = 20;
const HEARTBEAT_MS = 15_000;

function brokerStreamRoutes(streams: TenantStreams): BoundRoute[] {
  const routes = [getBrokerStream, putBrokerStream, deleteBrokerStream, rotateBrokerCredentials];
  return routes.map((route) => route(streams));
}
