import { ensureDatabase } from '@ironforge/immudb';
import type { Context } from '../context.ts';
import { anvilPart, type EvmAddress, ownAnvilPart } from '../parts/anvil.ts';
import { createAptFetcher } from '../parts/fetch-apt.ts';
import { type FoundImmudb, immudbPart } from '../parts/immudb.ts';
import type { ImmudbPlace } from '../parts/immudb-place.ts';
import type { Part } from '../parts/part.ts';
import { postgresPart } from '../parts/postgres.ts';
import { type BrokerAddress, rabbitmqPart } from '../parts/rabbitmq.ts';
import { redisPart } from '../parts/redis.ts';
import { createRunCommand } from '../parts/run-command.ts';
import type { Ports } from '../ports.ts';
import type { Secrets } from '../secrets.ts';
import type { Connection } from '../supervisor/state-file.ts';
import type { Supervisor } from '../supervisor/supervisor.ts';
import { prepareDatabase } from './database.ts';
import { developmentNodesOf, type FurtherChain, placesOf } from './further-chains.ts';
import type { Record } from './record.ts';

/** What starting needs: where, with what, told to whom. */
export interface Surroundings {
  readonly context: Context;
  readonly ports: Ports;
  readonly secrets: Secrets;
  /** The chains beside the local one. */
  readonly chains: readonly FurtherChain[];
  readonly supervisor: Supervisor;
  readonly record: Record;
  readonly signal: AbortSignal;
}

/** The parts once they answer; `serviceDatabaseUrl` is of the services' role. */
export interface StartedParts {
  readonly connection: Connection;
  readonly serviceDatabaseUrl: string;
}

/** Finds and starts the real parts side by side, and prepares the database. */
export async function startParts(surroundings: Surroundings): Promise<StartedParts> {
  const { supervisor, record } = surroundings;
  const found = await findParts(surroundings);
  const { postgres, redis, rabbitmq, anvil, immudb, anvils } = found;
  const ledgers = 'part' in immudb ? [immudb.part] : [];
  const others: readonly Part<unknown>[] = [redis, rabbitmq, anvil, ...anvils];
  const all = [postgres, ...others, ...ledgers];
  record.change({ sources: Object.fromEntries(all.map(({ name, source }) => [name, source])) });
  for (const { name, source } of all) record.say(`${name}: ${source}`);
  if ('missing' in immudb)
    record.say(`immudb: none, so the audit log is kept in SQL alone (${immudb.missing})`);
  const connection = connectionOf(found, surroundings);
  record.change({ connection });
  const [serviceDatabaseUrl] = await Promise.all([
    startDatabase(postgres, surroundings),
    ...others.map((part) => startPart(part, supervisor)),
    ...ledgers.map((part) => startLedger(part, supervisor)),
  ]);
  return { connection, serviceDatabaseUrl };
}

async function startDatabase(
  postgres: Part<string>,
  { secrets, supervisor, record }: Surroundings,
): Promise<string> {
  await startPart(postgres, supervisor);
  return prepareDatabase(postgres.address, secrets.databaseServicePassword, record.say);
}

// In a server of somebody else's the database must be there.
async function startLedger(part: Part<ImmudbPlace>, supervisor: Supervisor): Promise<void> {
  await startPart(part, supervisor);
  if (part.stages.length > 0) await ensureDatabase(part.address, part.address.database);
}

interface FoundParts {
  readonly postgres: Part<string>;
  readonly redis: Part<string>;
  readonly rabbitmq: Part<BrokerAddress>;
  readonly anvil: Part<EvmAddress>;
  readonly immudb: FoundImmudb;
  /** Of the chains beside the local one that name no node. */
  readonly anvils: readonly Part<EvmAddress>[];
}

async function findParts({
  context,
  ports,
  secrets,
  chains,
  record,
  signal,
}: Surroundings): Promise<FoundParts> {
  const { home, env } = context;
  const halt = new AbortController();
  const run = createRunCommand(AbortSignal.any([signal, halt.signal]));
  await using apt = createAptFetcher({ home, say: record.say, run });
  const deps = { home, env, ports, secrets, say: record.say, run, fetchApt: apt.fetch };
  const nodes = Promise.all(developmentNodesOf(chains).map((node) => ownAnvilPart(deps, node)));
  const searches = [
    postgresPart(deps),
    redisPart(deps),
    rabbitmqPart(deps),
    anvilPart(deps),
    immudbPart(deps),
    nodes,
  ] as const;
  // The first that fails ends the others' fetching, and is told once they have ended.
  await Promise.all(searches.map((search) => search.catch((error: unknown) => halt.abort(error))));
  halt.signal.throwIfAborted();
  const [postgres, redis, rabbitmq, anvil, immudb, anvils] = await Promise.all(searches);
  return { postgres, redis, rabbitmq, anvil, immudb, anvils };
}

async function startPart(part: Part<unknown>, supervisor: Supervisor): Promise<void> {
  for (const programs of part.stages) await supervisor.start(programs);
}

function connectionOf(
  { postgres, redis, rabbitmq, anvil, immudb, anvils }: FoundParts,
  { secrets, chains }: Surroundings,
): Connection {
  return {
    databaseUrl: postgres.address,
    databaseServicePassword: secrets.databaseServicePassword,
    redisUrl: redis.address,
    amqpUrl: rabbitmq.address.amqpUrl,
    amqpManagementUrl: rabbitmq.address.managementUrl,
    ethereumRpcUrl: anvil.address.rpcUrl,
    ethereumWsUrl: anvil.address.wsUrl,
    immudb: 'part' in immudb ? immudb.part.address : null,
    furtherChains: placesOf(chains, new Map(anvils.map(({ name, address }) => [name, address]))),
    gatewayUrl: null,
    tenantId: null,
    usersLeftOut: [],
  };
}
