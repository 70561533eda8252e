import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { createBus } from '@ironforge/bus';
import {
  answerOf,
  appError,
  INTERNAL_ROUTES,
  permissionsOf,
  type ReplyOf,
  type Role,
  type Route,
  type RouteInput,
  requestOf,
} from '@ironforge/contracts';
import { branded, type TenantId, type UserId } from '@ironforge/kernel';
import {
  bindForServices,
  type Caller,
  createEventMaker,
  createInternalClient,
  createMetrics,
  createTokenIssuer,
  type EventMaker,
  type EventMessage,
  type Listening,
  signingKey,
  type UserCaller,
} from '@ironforge/service-kit';
import { createStore } from '@ironforge/store';
import {
  type CollectingLogger,
  createCollectingLogger,
  createTestDatabase,
  createTestVhost,
  type TestDatabase,
  type TestVhost,
  waitUntil,
} from '@ironforge/testing';
import { startWalletRegistry } from './app.ts';
import { parseConfig } from './config.ts';
import { startNeighbour } from './neighbour.fixture.ts';
import { type Rules, startRules } from './rules.fixture.ts';
import { startTokens, type Tokens } from './tokens.fixture.ts';

/** The chains of the tests; nobody connects to them. */
export const CHAIN = 'eip155:31337';
export const COIN = `${CHAIN}/slip44:60`;
export const OTHER_CHAIN = 'eip155:31338';

/** What the service answered; `problem` is null when it was no refusal. */
export interface Reply<R extends Route> {
  readonly status: number;
  readonly body: ReplyOf<R>;
  readonly code: string | null;
  readonly pointers: readonly string[];
  readonly headers: Headers;
}

/** The registry on real parts, with a gateway's token and an identity that knows the plan alone. */
export interface TestRegistry extends AsyncDisposable {
  readonly url: string;
  readonly database: TestDatabase;
  readonly vhost: TestVhost;
  readonly log: CollectingLogger;
  /** What identity says about every tenant. */
  readonly plan: Plan;
  /** What the orchestrator says about changes. */
  readonly rules: Rules;
  /** What the watcher hears from tokens. */
  readonly tokens: Tokens;
  /** Has an approved change applied, as the orchestrator does; gives the status and code. */
  readonly apply: (input: RouteInput<(typeof INTERNAL_ROUTES)['applyWalletChange']>) => Promise<Applied>;
  readonly ask: <R extends Route>(route: R, caller: Caller, input?: RouteInput<R>) => Promise<Reply<R>>;
  /** Makes events as another service would, and sends them as they are, in the given order. */
  readonly events: EventMaker;
  readonly send: (...messages: readonly EventMessage[]) => Promise<void>;
  /** All that the registry has published or will, in order of time. */
  readonly said: (type: string) => Promise<Said[]>;
  /** Waits until the registry has taken in each of these messages. */
  readonly taken: (...messages: readonly EventMessage[]) => Promise<void>;
}

/** One message of the registry. */
export interface Said {
  readonly type: string;
  readonly subject: string;
  readonly aggregateversion: number;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Starts the registry on a database and a vhost of its own. */
export async function startTestRegistry(): Promise<TestRegistry> {
  await using parts = new AsyncDisposableStack();
  const database = parts.use(await createTestDatabase());
  const vhost = parts.use(await createTestVhost());
  const log = createCollectingLogger();
  const keys = newKeys();
  const plan = { maxWallets: 1000, isDown: false };
  const { rules, tokens, urls } = parts.use(await startNeighbours(plan, keys['wallet-registry']));
  const clock = () => new Date();
  const store = parts.use(createStore({ url: database.url, log, pool: { min: 0, max: 8 } }));
  const bus = parts.use(await createBus({ url: vhost.amqpUrl, instance: 'registry-test', log }));
  const config = parseConfig({
    ...environment(keys),
    DATABASE_URL: database.url,
    AMQP_URL: vhost.amqpUrl,
    IDENTITY_URL: urls.identity,
    TX_ORCHESTRATOR_URL: urls['tx-orchestrator'],
    CHAIN_WATCHER_EVM_URL: urls['chain-watcher'],
  });
  const issueToken = createTokenIssuer(keys['wallet-registry'], clock);
  const call = createInternalClient({ service: 'wallet-registry', urls, issueToken, maxRetries: 0 });
  const metrics = createMetrics('wallet-registry');
  const deps = { store, bus, call, metrics, log, clock, newId: randomUUID };
  const server = parts.use(await startWalletRegistry(config, deps));
  const owned = parts.move();
  return {
    url: server.url,
    database,
    vhost,
    log,
    plan,
    rules,
    tokens,
    apply: createApply(server.url, createTokenIssuer(keys['tx-orchestrator'], clock)),
    ask: createAsk(server.url, createTokenIssuer(keys.gateway, clock)),
    events: createEventMaker({ service: 'another-service', clock, newId: randomUUID }),
    send: async (...messages) => {
      for (const message of messages) await bus.publish([message]);
    },
    said: (type) => messagesOf(database, type),
    taken: async (...messages) => {
      const ids = messages.map(({ id }) => id);
      const sql = 'SELECT message_id FROM inbox WHERE message_id = ANY ($1)';
      const ask = async () => (await database.query(sql, [ids])).length === ids.length;
      await waitUntil(`${ids.length} messages to be taken in`, ask);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Somebody of a tenant with the rights of these roles; a new person of a new tenant by default. */
export function somebody(options: { roles?: Role[]; tenantId?: TenantId } = {}): UserCaller {
  const { roles = ['admin'], tenantId = branded<TenantId>(randomUUID()) } = options;
  const userId = branded<UserId>(randomUUID());
  const by = { tenantId, userId, apiKeyId: null, sessionId: null };
  return { kind: 'user', ...by, roles, permissions: permissionsOf(roles) };
}

/** An address that nobody has had before, in lower case. */
export function newAddress(): string {
  return `0x${randomUUID().replaceAll('-', '')}${randomUUID().replaceAll('-', '').slice(0, 8)}`;
}

function createAsk(url: string, issueToken: ReturnType<typeof createTokenIssuer>): TestRegistry['ask'] {
  return async (route, caller, input = {}) => {
    const { method, path, headers, body } = requestOf(route, input);
    const authorization = `Bearer ${await issueToken('wallet-registry', caller)}`;
    const response = await fetch(url + path, { method, headers: { ...headers, authorization }, body });
    const answer = answerOf(route, response.status, await response.text());
    const problem = 'problem' in answer ? answer.problem : null;
    return {
      status: response.status,
      // A test that reads the body of a refusal finds nothing in it.
      body: ('reply' in answer ? answer.reply : {}) as ReplyOf<typeof route>,
      code: problem?.code ?? null,
      pointers: problem?.errors.map(({ pointer }) => pointer) ?? [],
      headers: response.headers,
    };
  };
}

/** What came of an approved change. */
export interface Applied {
  readonly status: number;
  readonly code: string | null;
}

function createApply(url: string, issueToken: ReturnType<typeof createTokenIssuer>): TestRegistry['apply'] {
  const ask = createAsk(url, issueToken);
  const caller: Caller = { kind: 'service', service: 'tx-orchestrator' };
  return async (input) => {
    const { status, code } = await ask(INTERNAL_ROUTES.applyWalletChange, caller, input);
    return { status, code };
  };
}

/** What identity says about every tenant, if it says anything. */
export interface Plan {
  maxWallets: number;
  isDown: boolean;
}

/** Whom the registry asks. */
async function startNeighbours(plan: Plan, key: Key) {
  await using stack = new AsyncDisposableStack();
  const identity = stack.use(await startIdentityOfPlans(plan, key));
  const rules = stack.use(await startRules(key));
  const tokens = stack.use(await startTokens(key));
  const running = stack.move();
  return {
    rules: rules.said,
    tokens: tokens.said,
    urls: { identity: identity.url, 'tx-orchestrator': rules.url, 'chain-watcher': tokens.url },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** Identity as the registry sees it. */
async function startIdentityOfPlans(plan: Plan, registryKey: Key): Promise<Listening> {
  const route = bindForServices(INTERNAL_ROUTES.resolveUsers, async () => {
    if (plan.isDown) return appError('dependency_down');
    const limits = { maxWallets: plan.maxWallets, maxTransactionsPerDay: 100, requestsPerMinute: 100 };
    return { status: 200, body: { users: [], usersByRole: [], limits, tenantStatus: 'active' } };
  });
  return await startNeighbour('identity', registryKey, route);
}

async function messagesOf(database: TestDatabase, type: string): Promise<Said[]> {
  const rows = await database.query('SELECT body FROM outbox ORDER BY created_at');
  const bodies = rows.map((row) => JSON.parse(String(row['body'])) as Said);
  return bodies.filter((body) => body.type === type);
}

type Key = ReturnType<typeof newKey>;

function newKeys() {
  return {
    gateway: newKey('gateway'),
    'wallet-registry': newKey('wallet-registry'),
    'tx-orchestrator': newKey('tx-orchestrator'),
  };
}

function environment(keys: ReturnType<typeof newKeys>) {
  const chain = { kind: 'evm', name: 'Local', nativeSymbol: 'ETH', decimals: 18 };
  const chains = [CHAIN, OTHER_CHAIN].map((chainId) => ({
    ...chain,
    chainId,
    nativeAssetId: `${chainId}/slip44:60`,
  }));
  return {
    PORT: '0',
    NODE_ENV: 'test',
    INTERNAL_SIGNING_KEY: JSON.stringify(keys['wallet-registry']),
    INTERNAL_JWKS: JSON.stringify({ keys: [openHalf(keys.gateway), openHalf(keys['tx-orchestrator'])] }),
    CHAINS: JSON.stringify(chains),
  };
}

function openHalf({ d: _private, ...open }: Key) {
  return open;
}

function newKey(kid: string) {
  const { privateKey } = generateKeyPairSync('ed25519');
  return signingKey.parse({ ...privateKey.export({ format: 'jwk' }), kid });
}
