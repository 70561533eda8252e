import type { Bus } from '@ironforge/bus';
import type { Locks } from '@ironforge/cache';
import type { Clock, Logger, NewId } from '@ironforge/kernel';
import {
  type BoundRoute,
  brokerCheck,
  consumeEventEffects,
  consumeEventBatches,
  countDatabase,
  createEventMaker,
  createInternalClient,
  createTokenIssuer,
  databaseCheck,
  type Listening,
  type Metrics,
  serveRoutes,
} from '@ironforge/service-kit';
import { createOutbox, type Outbox, type Store } from '@ironforge/store';
import { createResolveUsers } from './asks/resolve-users.ts';
import { createChains } from './chains.ts';
import type { Config } from './config.ts';
import type { OrchestratorDeps } from './deps.ts';
import { chainNews, placeOfNews } from './handlers/chain-news.ts';
import { userUpdated } from './handlers/user-updated.ts';
import { createWithLane } from './lanes/with-lane.ts';
import { lockingScope } from './requests/locking-scope.ts';
import { cancelChange } from './routes/cancel-change.ts';
import { cancelOnChain } from './routes/cancel-on-chain.ts';
import { cancelTransaction } from './routes/cancel-transaction.ts';
import { createPolicy } from './routes/create-policy.ts';
import { createSigningPayload } from './routes/create-signing-payload.ts';
import { createTransaction } from './routes/create-transaction.ts';
import { decideChange } from './routes/decide-change.ts';
import { decideTransaction } from './routes/decide-transaction.ts';
import { getChange } from './routes/get-change.ts';
import { getPolicy } from './routes/get-policy.ts';
import { getTransaction } from './routes/get-transaction.ts';
import { listApprovals } from './routes/list-approvals.ts';
import { listChanges } from './routes/list-changes.ts';
import { listPolicies } from './routes/list-policies.ts';
import { listPolicyVersions } from './routes/list-policy-versions.ts';
import { listPrices } from './routes/list-prices.ts';
import { listSigningTasks } from './routes/list-signing-tasks.ts';
import { listTransactionEvents } from './routes/list-transaction-events.ts';
import { listTransactions } from './routes/list-transactions.ts';
import { speedUpTransaction } from './routes/speed-up-transaction.ts';
import { proposeChange } from './routes/propose-change.ts';
import { pushPrices } from './routes/push-prices.ts';
import { simulatePolicy } from './routes/simulate-policy.ts';
import { submitSignature } from './routes/submit-signature.ts';
import { submitTransaction } from './routes/submit-transaction.ts';
import { updatePolicy } from './routes/update-policy.ts';
import { createScreening } from './screening/create-screening.ts';
import { startSweeper } from './sweepers/sweep.ts';
import { createBells } from './tasks/bells.ts';
import { hearOfWork } from './tasks/hear-of-work.ts';
import { createWaitingRoom } from './tasks/waiting-room.ts';
import { createTelemetry } from './telemetry.ts';

/** What the service stands on; whoever gives it also ends it. */
export interface OrchestratorParts {
  readonly store: Store;
  readonly bus: Bus;
  readonly locks: Pick<Locks, 'withLock'>;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly clock: Clock;
  readonly newId: NewId;
}

/** The running service. */
export type Orchestrator = AsyncDisposable & Pick<Listening, 'url'>;

const SERVICE = 'tx-orchestrator';
const NEIGHBOUR_TIMEOUT_MS = 10_000;
/** Half of the connections that a gateway opens to one service: who waits leaves room for who works. */
const SEATS = { all: 128, ofTenant: 32 };

/** Starts the orchestrator: outbox, sweeper, consumer, routes. Disposing stops them in the reverse order. */
export async function startOrchestrator(config: Config, parts: OrchestratorParts): Promise<Orchestrator> {
  await using stack = new AsyncDisposableStack();
  const { store, bus, log } = parts;
  const outbox = stack.use(
    createOutbox({ store, service: SERVICE, publisher: bus, log, retentionDays: config.RETENTION_DAYS }),
  );
  outbox.start();
  const deps = orchestratorDeps(config, parts, outbox);
  stack.use(startSweeper(deps, config.RETENTION_DAYS));
  const ears = [consumeChain(deps, bus), consumePeople(deps, bus), hearOfWork(bus, deps.polls.bells)];
  for (const ear of ears) stack.defer(() => ear.close());
  const checks = { database: databaseCheck(store), broker: brokerCheck(bus) };
  const options = { ...parts, service: SERVICE, config, routes: routesOf(deps), checks };
  const server = stack.use(await serveRoutes(options));
  stack.defer(() => deps.polls.room.close());
  const running = stack.move();
  return { url: server.url, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

function orchestratorDeps(config: Config, parts: OrchestratorParts, outbox: Outbox): OrchestratorDeps {
  const { clock, newId, store, metrics, log } = parts;
  const call = createInternalClient({
    service: SERVICE,
    timeoutMs: NEIGHBOUR_TIMEOUT_MS,
    issueToken: createTokenIssuer(config.INTERNAL_SIGNING_KEY, clock),
    urls: {
      identity: config.IDENTITY_URL,
      'wallet-registry': config.WALLET_REGISTRY_URL,
      'chain-watcher': config.CHAIN_WATCHER_EVM_URL,
    },
  });
  countDatabase(metrics, store);
  const events = createEventMaker({ service: SERVICE, clock, newId });
  const polls = { room: createWaitingRoom(SEATS), bells: createBells() };
  const telemetry = createTelemetry(metrics, {
    waitingPolls: () => polls.room.taken(),
  });
  const made = {
    call,
    resolveUsers: createResolveUsers(call, NEIGHBOUR_TIMEOUT_MS),
    events,
    telemetry,
    polls,
    screening: createScreening(config),
    chainById: createChains(config.CHAINS),
    chainIds: config.CHAINS.map(({ chainId }) => chainId),
    withLane: createWithLane(parts),
  };
  return { store, outbox, clock, newId, log, ...made };
}

function consumeChain(deps: OrchestratorDeps, bus: Bus) {
  return consumeEventBatches({
    bus,
    queue: SERVICE,
    consumer: SERVICE,
    scopeOf: (event) => lockingScope(deps.store, event),
    placeOf: placeOfNews,
    handle: chainNews(deps),
  });
}

function consumePeople(deps: OrchestratorDeps, bus: Bus) {
  const name = 'tx-orchestrator.people';
  return consumeEventEffects({
    bus,
    queue: name,
    consumer: name,
    scopeOf: (event) => lockingScope(deps.store, event),
    handlers: { 'user.updated': userUpdated(deps) },
  });
}

function routesOf(deps: OrchestratorDeps): BoundRoute[] {
  return [
    createPolicy(deps),
    listPolicies(deps),
    getPolicy(deps),
    listPolicyVersions(deps),
    simulatePolicy(deps),
    pushPrices(deps),
    listPrices(deps),
    updatePolicy(deps),
    listChanges(deps),
    getChange(deps),
    decideChange(deps),
    cancelChange(deps),
    proposeChange(deps),
    createTransaction(deps),
    listTransactions(deps),
    getTransaction(deps),
    listTransactionEvents(deps),
    submitTransaction(deps),
    cancelTransaction(deps),
    speedUpTransaction(deps),
    cancelOnChain(deps),
    decideTransaction(deps),
    listApprovals(deps),
    listSigningTasks(deps),
    createSigningPayload(deps),
    submitSignature(deps),
  ];
}
