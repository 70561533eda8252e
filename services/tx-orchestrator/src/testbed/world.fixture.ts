import { randomUUID } from 'node:crypto';
import { createBus } from '@ironforge/bus';
import { createCache } from '@ironforge/cache';
import {
  answerOf,
  permissionsOf,
  type Role,
  type Route,
  type RouteInput,
  requestOf,
} from '@ironforge/contracts';
import { type ApiKeyId, branded, type TenantId, type UserId } from '@ironforge/kernel';
import { createMetrics, createTokenIssuer } from '@ironforge/service-kit';
import { createStore } from '@ironforge/store';
import {
  createCollectingLogger,
  createTestDatabase,
  createTestVhost,
  partUrl,
  testKeyPrefix,
} from '@ironforge/testing';
import { Wallet } from 'ethers';
import { startOrchestrator } from '../app.ts';
import { type Config, parseConfig } from '../config.ts';
import { internalKeys } from './internal-keys.fixture.ts';
import { type Neighbourhood, type NeighbourWallet, startNeighbours } from './neighbours.fixture.ts';

export const CHAIN_ID = 'eip155:31337';
export const NATIVE = `${CHAIN_ID}/slip44:60`;
export const TOKEN = `${CHAIN_ID}/erc20:0x5FbDB2315678afecb367f032d93F642f64180aa3`;
/** After so many blocks a payment is stuck here. */
export const STUCK_BLOCKS = 6;
/** The chain of every wallet here, as it is configured. */
export const CHAIN = {
  chainId: CHAIN_ID,
  kind: 'evm',
  nativeAssetId: NATIVE,
  feeModel: 'eip1559',
  stuckBlocks: STUCK_BLOCKS,
};
/** Somebody who gets money. */
export const PAYEE = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';

export type World = Awaited<ReturnType<typeof startWorld>>;

/** An orchestrator on real PostgreSQL, Redis and RabbitMQ, with its own database, keys and vhost. */
export async function startWorld(also: Readonly<Record<string, string>> = {}) {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await createTestDatabase());
  const vhost = stack.use(await createTestVhost());
  const keys = internalKeys();
  const neighbourhood = newNeighbourhood();
  const neighbours = stack.use(await startNeighbours(neighbourhood, keys.jwks));
  const environment = {
    PORT: '0',
    NODE_ENV: 'test',
    INTERNAL_SIGNING_KEY: JSON.stringify(keys.orchestrator),
    INTERNAL_JWKS: JSON.stringify(keys.jwks),
    DATABASE_URL: database.url,
    AMQP_URL: vhost.amqpUrl,
    REDIS_URL: partUrl('REDIS_URL'),
    ...neighbours.urls,
    CHAINS: JSON.stringify([CHAIN]),
    ...also,
  };
  const parts = await startParts(stack, parseConfig(environment));
  const orchestrator = stack.use(await startOrchestrator(parseConfig(environment), parts));
  const tenantId = branded<TenantId>(randomUUID());
  const tokenOf = createTokenIssuer(keys.gateway, () => new Date());
  const running = stack.move();
  return {
    database,
    vhost,
    neighbourhood,
    environment,
    tenantId,
    ...parts,
    url: orchestrator.url,
    people: { ...peopleOf(neighbourhood) },
    ask: <R extends Route>(
      person: Person,
      route: R,
      input: RouteInput<R> = {},
      url = orchestrator.url,
      signal?: AbortSignal,
    ) => ask({ person, tenantId, tokenOf, url, signal }, route, input),
    askFrom: <R extends Route>(from: TenantId, person: Person, route: R, input: RouteInput<R> = {}) =>
      ask({ person, tenantId: from, tokenOf, url: orchestrator.url }, route, input),
    /** Another service calls. */
    tell: async <R extends Route>(route: R, input: RouteInput<R> = {}) =>
      answerOf(route, ...(await tell(orchestrator.url, keys, requestOf(route, input)))),
    addWallet: (...tags: string[]) => addWallet(neighbourhood, tags),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** Somebody who calls. */
export interface Person {
  readonly userId: UserId;
  readonly roles: readonly Role[];
}

async function startParts(stack: AsyncDisposableStack, config: Config) {
  const log = createCollectingLogger();
  const store = stack.use(createStore({ url: config.DATABASE_URL, log, pool: { min: 0, max: 16 } }));
  const bus = stack.use(await createBus({ url: config.AMQP_URL, instance: 'test', log }));
  const locks = stack.use(await createCache({ url: config.REDIS_URL, log, prefix: testKeyPrefix() }));
  const metrics = createMetrics('tx-orchestrator');
  return { log, store, bus, locks, metrics, clock: () => new Date(), newId: randomUUID };
}

function newNeighbourhood(): Neighbourhood {
  const asset = { chainId: CHAIN_ID, symbol: 'ETH', decimals: 18 };
  return {
    users: new Map(),
    wallets: new Map(),
    assets: new Map([
      [NATIVE, { ...asset, assetId: NATIVE }],
      [TOKEN, { ...asset, assetId: TOKEN, symbol: 'TOK' }],
    ]),
    limits: { maxWallets: 10, maxTransactionsPerDay: 100_000, requestsPerMinute: 1_000 },
    quote: {
      minedCount: 0,
      nativeBalance: `9${'0'.repeat(24)}`,
      assetBalance: `9${'0'.repeat(24)}`,
      gasLimit: 21_000,
      failure: null,
    },
    isChainDown: false,
    chainAnswers: new Map(),
    known: new Map(),
    isIdentityDown: false,
    meanwhile: new Map(),
    isRegistryDown: false,
    codes: new Map(),
    blockedSeconds: new Map(),
    checkedCodes: new Map(),
    approvalAddresses: new Map(),
    owner: { isDown: false, refusal: null, applied: [] },
    tenantStatus: 'active',
  };
}

function peopleOf({ users }: Neighbourhood) {
  const add = (...roles: Role[]): Person => {
    const userId = branded<UserId>(randomUUID());
    users.set(userId, { roles, status: 'active' });
    return { userId, roles };
  };
  return {
    admin: add('admin'),
    operator: add('operator'),
    ann: add('approver'),
    ben: add('approver'),
    eva: add('approver'),
    signer: add('signer'),
    user: add('user'),
    feed: add('price_feed'),
  };
}

function addWallet({ wallets }: Neighbourhood, tags: string[]): NeighbourWallet & { readonly key: Wallet } {
  const key = new Wallet(Wallet.createRandom().privateKey);
  const wallet = {
    id: randomUUID(),
    userId: randomUUID(),
    chainId: CHAIN_ID,
    address: key.address,
    policyId: null,
    isWatchOnly: false,
    tags,
  };
  wallets.set(wallet.id, wallet);
  return { ...wallet, key };
}

async function tell(
  url: string,
  { gateway }: ReturnType<typeof internalKeys>,
  { method, path, headers, body }: ReturnType<typeof requestOf>,
): Promise<[number, string]> {
  const tokenOf = createTokenIssuer(gateway, () => new Date());
  const token = await tokenOf('tx-orchestrator', { kind: 'service', service: 'gateway' });
  const request = { method, headers: { ...headers, authorization: `Bearer ${token}` }, body };
  const response = await fetch(new URL(path, url), request);
  return [response.status, await response.text()];
}

interface Asking {
  readonly person: Person;
  readonly tenantId: TenantId;
  readonly tokenOf: ReturnType<typeof createTokenIssuer>;
  readonly url: string;
  readonly signal?: AbortSignal | undefined;
}

async function ask<R extends Route>(asking: Asking, route: R, input: RouteInput<R>) {
  const { person, tenantId, tokenOf, url, signal = null } = asking;
  const { method, path, headers, body } = requestOf(route, input);
  const rights = { roles: person.roles, permissions: permissionsOf(person.roles) };
  const apiKeyId: ApiKeyId | null = null;
  const caller = {
    kind: 'user',
    tenantId,
    userId: person.userId,
    apiKeyId,
    sessionId: null,
    ...rights,
  } as const;
  const authorization = `Bearer ${await tokenOf('tx-orchestrator', caller)}`;
  const request = { method, headers: { ...headers, authorization }, body, signal };
  const response = await fetch(new URL(path, url), request);
  const answer = answerOf(route, response.status, await response.text());
  return { ...answer, headers: response.headers };
}
