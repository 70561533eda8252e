import type { Home } from '../home.ts';
import {
  askBroker,
  askDatabase,
  askEvmNode,
  askImmudb,
  askListener,
  askRedis,
  askService,
} from '../parts/asks.ts';
import { type AuditCopyStatus, auditCopyStatus } from './audit-copy-status.ts';
import { type ChainStatus, chainStatuses } from './chain-status.ts';
import { isHeld } from '../supervisor/hold.ts';
import { type Connection, type PartState, readState, type State } from '../supervisor/state-file.ts';

/** One process of the installation, asked just now; `reason` says why it is not ready. */
export interface PartStatus {
  readonly name: string;
  readonly kind: 'server' | 'service';
  readonly ready: boolean;
  readonly reason: string | null;
  readonly pid: number | null;
  readonly restarts: number;
  readonly source: string | null;
  /** The address of a service; null for servers, whose addresses hold passwords. */
  readonly url: string | null;
  readonly logFile: string | null;
}

/** The installation as a whole; `phase` is what its supervisor is doing. */
export interface Status {
  readonly running: boolean;
  readonly phase: State['phase'];
  /** Why the last start failed. */
  readonly problem: string | null;
  readonly parts: readonly PartStatus[];
  /** Null when nobody tells. */
  readonly chains: readonly ChainStatus[] | null;
  /** The parts that an installation can do without, and that this one has not. */
  readonly absent: readonly string[];
  /** Null when nothing runs. */
  readonly auditCopy: AuditCopyStatus | null;
}

/** The installation as it is now: what the supervisor recorded, and each part asked. */
export async function statusOf(home: Home): Promise<Status> {
  const state = readState(home);
  const running = await isHeld(home);
  if (state === null || !running) {
    return {
      running: false,
      phase: 'stopped',
      problem: state?.problem?.detail ?? null,
      parts: [],
      chains: null,
      absent: [],
      auditCopy: null,
    };
  }
  const { connection } = state;
  const asked = connection === null ? [] : askAll(state, connection);
  const [parts, chains, auditCopy] = await Promise.all([
    asked,
    chainStatuses(home, state),
    auditCopyStatus(state),
  ]);
  const absent = connection?.immudb === null ? ['immudb'] : [];
  return { running, phase: state.phase, problem: null, parts, chains, absent, auditCopy };
}

async function askAll(state: State, connection: Connection): Promise<PartStatus[]> {
  const started = new Set(state.parts.map(({ name }) => name));
  const given = Object.keys(state.sources).filter((name) => !started.has(name));
  return Promise.all([
    ...given.map((name) => askGiven(name, state, connection)),
    ...state.parts.map((part) => askStarted(part, state, connection)),
  ]);
}

async function askStarted(part: PartState, state: State, connection: Connection): Promise<PartStatus> {
  const { name, kind, identity, restarts, logFile } = part;
  const reason =
    kind === 'service' ? await askService(part.url) : await askServer(name, part.url, connection);
  const source = state.sources[name] ?? null;
  return {
    name,
    kind,
    ready: reason === null,
    reason,
    pid: identity?.pid ?? null,
    restarts,
    source,
    url: kind === 'service' ? part.url : null,
    logFile,
  };
}

async function askGiven(name: string, { sources }: State, connection: Connection): Promise<PartStatus> {
  const reason = await askServer(name, '', connection);
  const rest = { pid: null, restarts: 0, source: sources[name] ?? null, url: null, logFile: null };
  return { name, kind: 'server', ready: reason === null, reason, ...rest };
}

function askServer(name: string, url: string, connection: Connection): Promise<string | null> {
  switch (name) {
    case 'postgres':
      return askDatabase(connection.databaseUrl);
    case 'redis':
      return askRedis(connection.redisUrl);
    case 'rabbitmq':
      return askBroker(connection.amqpUrl, connection.amqpManagementUrl);
    case 'immudb':
      return askImmudb(connection.immudb?.address ?? '');
    case 'anvil':
      return askEvmNode(connection.ethereumRpcUrl);
    default:
      return name.startsWith('anvil-') ? askEvmNode(url) : askListener(url, 0);
  }
}
