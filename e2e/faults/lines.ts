import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createFaultProxy, createRpcProxy, type FaultProxy, type RpcProxy } from '@ironforge/testing';
import { z } from 'zod';
import { chain, environment } from '../world/environment.ts';
import { immudbUrl } from '../world/immudb.ts';
import { present } from '../world/present.ts';

const home = present(process.env['IRONFORGE_HOME'], 'IRONFORGE_HOME');

/**
 * Every line between services and servers, and between services, each through a proxy of ours; the first chain has two
 * endpoints.
 */
export interface Lines extends AsyncDisposable {
  readonly database: FaultProxy;
  readonly broker: FaultProxy;
  readonly redis: FaultProxy;
  readonly heads: FaultProxy;
  /** Null where the audit log has no second copy. */
  readonly immudb: FaultProxy | null;
  readonly nodes: readonly [RpcProxy, RpcProxy];
  /** The lines to a service, by its name. */
  readonly services: Readonly<Record<string, FaultProxy>>;
  /** What makes a service use them. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Opens a proxy in front of each server. */
export async function openLines(): Promise<Lines> {
  await using stack = new AsyncDisposableStack();
  const open = async (url: string) => stack.use(await createFaultProxy(url));
  const node = async () => stack.use(await createRpcProxy(chain.rpcUrl));
  const lines = {
    database: await open(environment.databaseUrl),
    broker: await open(environment.amqpUrl),
    redis: await open(environment.redisUrl),
    heads: await open(chain.rpcUrl),
    immudb: environment.immudb && (await open(immudbUrl())),
    nodes: [await node(), await node()] as const,
  };
  const services: Record<string, FaultProxy> = {};
  for (const { name, url } of environment.services) if (name in ADDRESSES) services[name] = await open(url);
  const file = join(home, 'run', 'chains-by-proxy.json');
  writeFileSync(file, JSON.stringify(chainsBy(lines)), { mode: 0o600 });
  const own = stack.move();
  return {
    ...lines,
    services,
    variables: {
      ...addressesOf(services),
      DATABASE_URL: lines.database.urlFor(serviceDatabaseUrl()),
      AMQP_URL: lines.broker.urlFor(environment.amqpUrl),
      REDIS_URL: lines.redis.urlFor(environment.redisUrl),
      CHAINS_FILE: file,
      ...(lines.immudb && { IMMUDB_URL: lines.immudb.urlFor(immudbUrl()) }),
    },
    [Symbol.asyncDispose]: () => own.disposeAsync(),
  };
}

/** The variables that tell a service where its neighbours are; the gateway has no neighbour that calls it. */
const ADDRESSES: Readonly<Record<string, string>> = {
  identity: 'IDENTITY_URL',
  'wallet-registry': 'WALLET_REGISTRY_URL',
  'tx-orchestrator': 'TX_ORCHESTRATOR_URL',
  'chain-watcher-evm': 'CHAIN_WATCHER_EVM_URL',
};

function addressesOf(services: Lines['services']): Record<string, string> {
  const url = (name: string) => environment.services.find((one) => one.name === name)?.url ?? '';
  return Object.fromEntries(
    Object.entries(services).map(([name, line]) => [ADDRESSES[name] ?? name, line.urlFor(url(name))]),
  );
}

const Chains = z.tuple([z.looseObject({})], z.looseObject({}));

function chainsBy({ nodes, heads }: Pick<Lines, 'nodes' | 'heads'>): object[] {
  const [local, ...others] = Chains.parse(JSON.parse(readFileSync(join(home, 'run', 'chains.json'), 'utf8')));
  const wsUrl = heads.urlFor(chain.rpcUrl).replace(/^http/, 'ws');
  return [{ ...local, rpcUrls: nodes.map(({ url }) => url), wsUrl }, ...others];
}

/** Services log in under their own role. */
function serviceDatabaseUrl(): string {
  const password = present(process.env['DATABASE_SERVICE_PASSWORD'], 'DATABASE_SERVICE_PASSWORD');
  return Object.assign(new URL(environment.databaseUrl), { username: 'ironforge_service', password }).href;
}
