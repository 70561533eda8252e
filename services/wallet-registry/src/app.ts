import type { Bus } from '@ironforge/bus';
import { branded, type Clock, type Logger, type NewId, type TenantId } from '@ironforge/kernel';
import {
  type CallInternal,
  consumeEvents,
  countDatabase,
  createEventMaker,
  databaseCheck,
  type DomainEvent,
  type Listening,
  type Metrics,
  serveRoutes,
  type StateHandlers,
} from '@ironforge/service-kit';
import { createOutbox, type TransactionScope, type Store } from '@ironforge/store';
import { createChains } from './chains.ts';
import type { Config } from './config.ts';
import type { RegistryDeps } from './deps.ts';
import { activateWallet } from './handlers/activate-wallet.ts';
import { holdHandlers } from './handlers/note-hold.ts';
import { storeBalance } from './handlers/store-balance.ts';
import { registryRoutes } from './routes.ts';
import { createTelemetry } from './telemetry.ts';
import { startAskingToWatch } from './wallets/ask-to-watch.ts';

const SERVICE = 'wallet-registry';

/** What the service stands on; whoever gives it also ends it. */
export interface RegistryParts {
  readonly store: Store;
  readonly bus: Bus;
  readonly call: CallInternal;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly clock: Clock;
  readonly newId: NewId;
}

/** Starts the registry: outbox, routes, consumer. Disposing stops them the other way round; the parts stay. */
export async function startWalletRegistry(config: Config, parts: RegistryParts): Promise<Listening> {
  const { store, bus, log, clock, newId } = parts;
  await using running = new AsyncDisposableStack();
  const outbox = running.use(
    createOutbox({ store, service: SERVICE, publisher: bus, log, retentionDays: config.RETENTION_DAYS }),
  );
  outbox.start();
  countDatabase(parts.metrics, store);
  const deps: RegistryDeps = {
    ...parts,
    outbox,
    events: createEventMaker({ service: SERVICE, clock, newId }),
    chains: createChains(config.CHAINS),
    telemetry: createTelemetry(parts.metrics.registry),
  };
  const routes = registryRoutes(deps);
  const server = running.use(
    await serveRoutes({ ...parts, service: SERVICE, config, routes, checks: readinessChecks(store) }),
  );
  running.use(startAskingToWatch({ ...deps, log }));
  const consumer = startConsumer(deps, bus);
  running.defer(() => consumer.close());
  const owned = running.move();
  return { ...server, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

function startConsumer(deps: RegistryDeps, bus: Bus) {
  const handlers: StateHandlers = {
    ...holdHandlers,
    'chain.address_watched': activateWallet(deps),
    'wallet.balance_observed': storeBalance(deps),
  };
  return consumeEvents({
    bus,
    queue: SERVICE,
    consumer: SERVICE,
    scopeOf: (event) => scopeOf(deps.store, event),
    handlers,
  });
}

/** Each handler is one statement that a version or a status guards, so those that come together share a transaction. */
function scopeOf(store: Store, { tenantid }: DomainEvent): TransactionScope {
  const scope = store.forTenant(branded<TenantId>(tenantid));
  return { transaction: (work) => scope.together('events', work) };
}

/** The broker is not among them: events wait in the outbox while it is away. */
function readinessChecks(store: Store) {
  return { database: databaseCheck(store) };
}
