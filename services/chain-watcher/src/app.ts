import type { Bus } from '@ironforge/bus';
import type { Cache } from '@ironforge/cache';
import type { Clock, Logger, NewId } from '@ironforge/kernel';
import {
  brokerCheck,
  consumeEffects,
  consumeEvents,
  countDatabase,
  createEventMaker,
  databaseCheck,
  type Listening,
  type Metrics,
  serveRoutes,
} from '@ironforge/service-kit';
import { createOutbox, type Outbox, type Store } from '@ironforge/store';
import { createChains } from './chains.ts';
import type { Config } from './config.ts';
import type { WatcherDeps } from './deps.ts';
import { createBackground } from './follow/create-background.ts';
import { createFollower } from './follow/create-follower.ts';
import { assetCreated } from './handlers/asset-created.ts';
import { balanceUpdate } from './handlers/balance-update.ts';
import { txBroadcast } from './handlers/tx-broadcast.ts';
import { walletCreated } from './handlers/wallet-created.ts';
import { createMessages } from './messages.ts';
import { createBackfill } from './routes/create-backfill.ts';
import { getBalancesOnChain } from './routes/get-balances-on-chain.ts';
import { getFees } from './routes/get-fees.ts';
import { listBackfills } from './routes/list-backfills.ts';
import { listChains } from './routes/list-chains.ts';
import { listDeposits } from './routes/list-deposits.ts';
import { listQuarantinedDeposits } from './routes/list-quarantined-deposits.ts';
import { listWalletTransactions } from './routes/list-wallet-transactions.ts';
import { quote } from './routes/quote.ts';
import { reconcileChain } from './routes/reconcile-chain.ts';
import { resumeChain } from './routes/resume-chain.ts';
import { showMoves } from './routes/show-moves.ts';
import { tokenDecimals } from './routes/token-decimals.ts';
import { createTelemetry } from './telemetry.ts';

/** What the service stands on; whoever gives it also ends it. */
export interface ChainWatcherDeps {
  readonly store: Store;
  readonly bus: Bus;
  readonly cache: Cache;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly clock: Clock;
  readonly newId: NewId;
}

/** The running service. */
export type ChainWatcher = AsyncDisposable & Pick<Listening, 'url'>;

const SERVICE = 'chain-watcher';
/** The lead passes on when a leader was silent for so long; its writes are refused from then on, by the fence. */
const FOLLOW = { leaseMs: 3_000, restMs: 1_000, maxBlocks: 64 };

/** Starts the watcher: one follower for each chain, consumers, routes. Disposing stops them in the reverse order. */
export async function startChainWatcher(config: Config, parts: ChainWatcherDeps): Promise<ChainWatcher> {
  await using stack = new AsyncDisposableStack();
  const { store, bus, log } = parts;
  const outbox = stack.use(
    createOutbox({ store, service: SERVICE, publisher: bus, log, retentionDays: config.RETENTION_DAYS }),
  );
  outbox.start();
  const deps = watcherDeps(config, parts, outbox);
  for (const chain of deps.chains.all) {
    const leader = parts.newId();
    stack.use(createFollower(deps, chain, { ...FOLLOW, leader }));
    stack.use(createBackground(deps, chain, { leader, restMs: FOLLOW.restMs }));
  }
  for (const consumer of consume(deps, bus)) stack.defer(() => consumer.close());
  const routes = routesOf(deps);
  const server = stack.use(
    await serveRoutes({ ...parts, service: SERVICE, config, routes, checks: checks(parts) }),
  );
  const running = stack.move();
  return { url: server.url, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

function routesOf(deps: WatcherDeps) {
  const shown = [
    listWalletTransactions,
    listDeposits,
    listQuarantinedDeposits,
    createBackfill,
    listBackfills,
    reconcileChain,
    getBalancesOnChain,
  ];
  return [listChains, resumeChain, getFees, quote, tokenDecimals, showMoves, ...shown].map((route) =>
    route(deps),
  );
}

function watcherDeps(config: Config, parts: ChainWatcherDeps, outbox: Outbox): WatcherDeps {
  const events = createEventMaker({ service: SERVICE, clock: parts.clock, newId: parts.newId });
  countDatabase(parts.metrics, parts.store);
  const telemetry = createTelemetry(parts.metrics.registry);
  const chains = createChains(config.CHAINS, { telemetry, log: parts.log });
  return { ...parts, outbox, chains, messages: createMessages(events), telemetry };
}

function consume(deps: WatcherDeps, bus: Bus) {
  const scopeOf = () => deps.store.system('chain_watcher');
  const handlers = {
    'wallet.created': walletCreated(deps),
    'wallet.watch_asked': walletCreated(deps),
    'asset.created': assetCreated(deps),
  };
  const shared = { bus, scopeOf, consumer: SERVICE };
  return [
    consumeEvents({ ...shared, queue: 'chain-watcher-evm', handlers }),
    consumeEffects({
      ...shared,
      // Each holds the cursor before it reads anything, so that no block passes meanwhile, and writes about its own request.
      scopeOf: () => ({ transaction: (work) => scopeOf().together('answers', work) }),
      queue: 'tx_broadcast.evm',
      command: 'tx_broadcast',
      handle: txBroadcast(deps),
    }),
    consumeEffects({
      ...shared,
      queue: 'balance_update.evm',
      command: 'balance_update',
      handle: balanceUpdate(deps),
    }),
  ];
}

// A node that is away does not make the service unready: what it knows is in the database, and the chain's status says it.
function checks({ store, bus }: ChainWatcherDeps) {
  return { database: databaseCheck(store), broker: brokerCheck(bus) };
}
