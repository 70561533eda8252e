import { randomUUID } from 'node:crypto';
import { createBus } from '@ironforge/bus';
import { createCache } from '@ironforge/cache';
import type { ChainConfig } from '@ironforge/chain-core';
import type { Logger } from '@ironforge/kernel';
import { createMetrics } from '@ironforge/service-kit';
import { createStore } from '@ironforge/store';
import { type Anvil, partUrl, testKeyPrefix } from '@ironforge/testing';
import { type ChainWatcher, startChainWatcher } from './app.ts';
import { internalKeys } from './callers.fixture.ts';
import { type Config, parseConfig } from './config.ts';

/** The native asset of the test's chain. */
export const NATIVE = 'eip155:31337/slip44:60';

const clock = () => new Date();

/** What a watcher's connections are made of. */
export interface WatcherParts {
  readonly config: Config;
  readonly databaseUrl: string;
  readonly amqpUrl: string;
  readonly log: Logger;
}

/** A watcher in this process, which tells how often it looked at a chain. */
export interface TestWatcher extends ChainWatcher {
  readonly looksAt: (chainId: string) => Promise<number>;
}

/** A watcher with connections of its own, as a process would have. */
export async function startWatcher({
  config,
  databaseUrl,
  amqpUrl,
  log,
}: WatcherParts): Promise<TestWatcher> {
  await using stack = new AsyncDisposableStack();
  const store = stack.use(createStore({ url: databaseUrl, log, pool: { min: 0, max: 8 } }));
  const bus = stack.use(await createBus({ url: amqpUrl, instance: 'chain-watcher', log }));
  const cache = stack.use(await createCache({ url: partUrl('REDIS_URL'), log, prefix: testKeyPrefix() }));
  const metrics = createMetrics('chain-watcher');
  const deps = { store, bus, cache, log, clock, newId: randomUUID, metrics };
  const watcher = stack.use(await startChainWatcher(config, deps));
  const running = stack.move();
  return {
    url: watcher.url,
    looksAt: async (chainId) => looksIn(await metrics.registry.metrics(), chainId),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

function looksIn(shown: string, chainId: string): number {
  const line = shown.split('\n').find((one) => one.startsWith(`chain_looks_total{chain="${chainId}"`));
  return Number(line?.split(' ').at(-1) ?? 0);
}

/** A watcher's configuration for a node of the test's own, at K = 2 and final at depth 32 unless changed. */
export function configOf(anvil: Anvil, change: Partial<ChainConfig>): Config {
  const chain = {
    chainId: anvil.chainId,
    name: 'local',
    kind: 'evm',
    rpcUrls: [anvil.rpcUrl],
    wsUrl: anvil.wsUrl,
    nativeAssetId: `${anvil.chainId}/slip44:60`,
    nativeSymbol: 'ETH',
    decimals: 18,
    confirmations: 2,
    finality: { kind: 'depth', depth: 32 },
    blockTimeMs: 500,
    feeModel: 'eip1559',
    ...change,
  };
  return parseConfig({
    PORT: '0',
    NODE_ENV: 'test',
    CHAIN: 'evm',
    CHAINS: JSON.stringify([chain]),
    DATABASE_URL: 'postgres://unused',
    AMQP_URL: 'amqp://unused',
    REDIS_URL: 'redis://unused',
    ...internalKeys(),
  });
}
