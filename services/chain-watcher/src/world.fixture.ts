import { randomUUID } from 'node:crypto';
import { createBus } from '@ironforge/bus';
import type { ChainConfig } from '@ironforge/chain-core';
import { branded, type TenantId } from '@ironforge/kernel';
import {
  type Anvil,
  type AnvilOptions,
  createCollectingLogger,
  createTestDatabase,
  createTestVhost,
  startAnvil,
} from '@ironforge/testing';
import type { ChainWatcher } from './app.ts';
import { createChainPlay } from './chain-play.fixture.ts';
import { createServicePlay } from './service-play.fixture.ts';
import { spawnWatcher } from './spawn-watcher.fixture.ts';
import { configOf, startWatcher, type TestWatcher, type WatcherParts } from './watcher.fixture.ts';

/** A watcher on its own chain, database and broker; the other services and the signers are played by the test. */
export type World = Awaited<ReturnType<typeof startWorld>>;

/** What a world's chain has of its own; told the node, so that something can be put in front of it. */
export type ChainChange = Partial<ChainConfig> | ((anvil: Anvil) => Promise<Partial<ChainConfig>>);

/**
 * Starts everything but a watcher; the chain makes a block only when the test says so. The watcher follows the other nodes,
 * too, which are the caller's.
 */
export async function startWorld(
  given: ChainChange = {},
  options: AnvilOptions = {},
  others: readonly Anvil[] = [],
) {
  await using stack = new AsyncDisposableStack();
  const anvil = stack.use(await startAnvil(options));
  const change = typeof given === 'function' ? await given(anvil) : given;
  const database = stack.use(await createTestDatabase());
  const vhost = stack.use(await createTestVhost());
  const log = createCollectingLogger();
  const bus = stack.use(await createBus({ url: vhost.amqpUrl, instance: 'test', log }));
  const tenantId = branded<TenantId>(randomUUID());
  const more = others.flatMap((other) => configOf(other, change).CHAINS);
  const config = { ...configOf(anvil, change), CHAINS: [...configOf(anvil, change).CHAINS, ...more] };
  const watchers = stack.use(
    playWatchers({ config, databaseUrl: database.url, amqpUrl: vhost.amqpUrl, log }),
  );
  const services = createServicePlay({ bus, database, tenantId }, anvil.chainId);
  const { looksAt } = watchers;
  const chain = createChainPlay({ anvil, database, config, looksAt });
  const running = stack.move();
  const dispose = () => running.disposeAsync();
  const startOne = watchers.start;
  return {
    anvil,
    database,
    log,
    bus,
    tenantId,
    ...services,
    ...chain,
    /** What people and services do on one of the other chains. */
    on: (other: Anvil) => ({
      ...createChainPlay({ anvil: other, database, config, looksAt }),
      ...services.onChain(other.chainId),
    }),
    startWatcher: startOne,
    /** A watcher in a process of its own, as in production: one that can be killed. */
    spawnWatcher: () => spawnWatcher({ config, databaseUrl: database.url, amqpUrl: vhost.amqpUrl }),
    [Symbol.asyncDispose]: dispose,
  };
}

function playWatchers(parts: WatcherParts) {
  const running = new Set<TestWatcher>();
  return {
    looksAt: async (chainId: string): Promise<number> => {
      const looks = await Promise.all([...running].map((watcher) => watcher.looksAt(chainId)));
      return looks.reduce((sum, count) => sum + count, 0);
    },
    start: async (): Promise<ChainWatcher> => {
      const watcher = await startWatcher(parts);
      running.add(watcher);
      const stop = async () => {
        if (running.delete(watcher)) await watcher[Symbol.asyncDispose]();
      };
      return { url: watcher.url, [Symbol.asyncDispose]: stop };
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all([...running].map((watcher) => watcher[Symbol.asyncDispose]()));
    },
  };
}
