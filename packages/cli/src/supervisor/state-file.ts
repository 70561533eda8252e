import { join } from 'node:path';
import { z } from 'zod';
import type { Home } from '../home.ts';
import { readJson, writeJson } from '../json-file.ts';
import { ImmudbPlace } from '../parts/immudb-place.ts';

const Identity = z.object({ pid: z.int(), startedAt: z.string().nullable() });

const PartState = z.object({
  name: z.string(),
  kind: z.enum(['server', 'service']),
  identity: Identity.nullable(),
  restarts: z.int(),
  url: z.string(),
  logFile: z.string(),
  stopSignal: z.enum(['SIGTERM', 'SIGINT']),
});

/** A chain beside the local one, and where it is asked; `isOurs` when we started its node. */
const ChainPlace = z.object({
  chainId: z.string(),
  rpcUrl: z.string(),
  wsUrl: z.string().nullable(),
  isOurs: z.boolean(),
});

const UserLeftOut = z.object({ email: z.string(), reason: z.string() });

const Connection = z.object({
  databaseUrl: z.string(),
  databaseServicePassword: z.string(),
  redisUrl: z.string(),
  amqpUrl: z.string(),
  amqpManagementUrl: z.string(),
  ethereumRpcUrl: z.string(),
  ethereumWsUrl: z.string().nullable(),
  /** Null where the audit log is kept in SQL alone. */
  immudb: ImmudbPlace.nullable(),
  furtherChains: z.array(ChainPlace),
  gatewayUrl: z.string().nullable(),
  tenantId: z.string().nullable(),
  usersLeftOut: z.array(UserLeftOut),
});

const State = z.object({
  supervisor: Identity,
  phase: z.enum(['starting', 'ready', 'stopping', 'failed', 'stopped']),
  problem: z.object({ code: z.string(), detail: z.string() }).nullable(),
  /** What was said so far, for those who watch the start from another process. */
  lines: z.array(z.string()),
  /** Which source each part came from, in words. */
  sources: z.record(z.string(), z.string()),
  parts: z.array(PartState),
  /** What another version wrote counts as none, so that its processes can still be stopped. */
  connection: Connection.nullable().catch(null),
});

/** What the supervisor last wrote about itself and its processes. */
export type State = z.infer<typeof State>;
export type PartState = z.infer<typeof PartState>;

/** A development user who was refused at the start, as one who is suspended, and why. */
export type UserLeftOut = z.infer<typeof UserLeftOut>;

export type ChainPlace = z.infer<typeof ChainPlace>;

/** How the parts are reached, passwords included; null is what does not run yet. */
export type Connection = z.infer<typeof Connection>;

/** The recorded state; null when there is none that can be read. */
export function readState(home: Home): State | null {
  const parsed = State.safeParse(readJson(fileOf(home)));
  return parsed.success ? parsed.data : null;
}

/** Records the state, mode 0600. */
export function writeState(home: Home, state: State): void {
  writeJson(fileOf(home), state);
}

function fileOf(home: Home): string {
  return join(home.dir, 'state.json');
}
