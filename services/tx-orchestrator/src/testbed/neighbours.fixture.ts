import {
  appError,
  type CallFailure,
  type DestinationKind,
  INTERNAL_ROUTES,
  type Role,
} from '@ironforge/contracts';
import type { Logger } from '@ironforge/kernel';
import { bindForServices, createMetrics, serveRoutes } from '@ironforge/service-kit';
import type { Config } from '../config.ts';

/** What the neighbours answer; a test changes it as it goes. */
export interface Neighbourhood {
  readonly users: Map<string, { roles: Role[]; status: 'active' | 'suspended' | 'deleted' }>;
  readonly wallets: Map<string, NeighbourWallet>;
  readonly assets: Map<string, { assetId: string; chainId: string; symbol: string; decimals: number }>;
  limits: { maxWallets: number; maxTransactionsPerDay: number; requestsPerMinute: number };
  quote: {
    minedCount: number;
    nativeBalance: string;
    assetBalance: string;
    gasLimit: number;
    failure: CallFailure | null;
  };
  isChainDown: boolean;
  /** Chains that take a call and refuse none, by their ids: nobody has an answer before this. */
  readonly chainAnswers: Map<string, Promise<void>>;
  /** What the tenant knows of addresses, by their lower-case spelling. */
  readonly known: Map<string, DestinationKind[]>;
  isIdentityDown: boolean;
  /** What happens once, before identity tells of somebody, by his id. */
  readonly meanwhile: Map<string, () => Promise<void>>;
  isRegistryDown: boolean;
  readonly owner: Owner;
  /** The present code of each who has a second factor. */
  readonly codes: Map<string, string>;
  /** For how many seconds codes of whom are not looked at. */
  readonly blockedSeconds: Map<string, number>;
  /** How often a code of whom was checked. */
  readonly checkedCodes: Map<string, number>;
  /** Whose signatures prove the approvals of whom. */
  readonly approvalAddresses: Map<string, string>;
  tenantStatus: 'active' | 'suspended';
}

/** Who applies changes of users: whether he answers, what he refuses with, and what he was told to do. */
export interface Owner {
  isDown: boolean;
  refusal: 'version_conflict' | 'permission_denied' | 'validation_failed' | 'internal_error' | null;
  readonly applied: string[];
}

/** A wallet as the registry would tell it. */
export interface NeighbourWallet {
  readonly id: string;
  readonly userId: string;
  readonly chainId: string;
  readonly address: string;
  policyId: string | null;
  isWatchOnly: boolean;
  /** Active unless it says so. */
  status?: 'archived';
  readonly tags: string[];
}

/** Where they are. */
export interface Neighbours extends AsyncDisposable {
  readonly urls: Pick<Config, 'IDENTITY_URL' | 'WALLET_REGISTRY_URL' | 'CHAIN_WATCHER_EVM_URL'>;
}

const silent: Logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const GWEI = 1_000_000_000n;

/** Serves the three internal routes that the orchestrator asks, over real HTTP with real tokens, from memory. */
export async function startNeighbours(
  world: Neighbourhood,
  jwks: Config['INTERNAL_JWKS'],
): Promise<Neighbours> {
  await using stack = new AsyncDisposableStack();
  const serve = async (service: string, routes: ReturnType<typeof bindForServices>[]) => {
    const config = { PORT: 0, HOST: '127.0.0.1', NODE_ENV: 'test', INTERNAL_JWKS: jwks } as const;
    const parts = { service, config, routes, checks: {}, metrics: createMetrics(service), log: silent };
    return stack.use(await serveRoutes({ ...parts, clock: () => new Date() })).url;
  };
  const urls = {
    IDENTITY_URL: await serve('identity', [people(world), owner(world), codes(world)]),
    WALLET_REGISTRY_URL: await serve('wallet-registry', [wallet(world), addresses(world)]),
    CHAIN_WATCHER_EVM_URL: await serve('chain-watcher', [quote(world)]),
  };
  const running = stack.move();
  return { urls, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

function people(world: Neighbourhood) {
  return bindForServices(INTERNAL_ROUTES.resolveUsers, async ({ body }) => {
    if (world.isIdentityDown) throw appError('dependency_down');
    for (const id of body.userIds) await happen(world, id);
    const all = [...world.users].map(([id, user]) => ({ id, ...user }));
    const holds = (role: Role) => all.filter((user) => user.roles.includes(role) && user.status === 'active');
    const usersByRole = body.roles.map((role) => ({ role, userIds: holds(role).map(({ id }) => id) }));
    const addressOf = (id: string) => ({ approvalAddress: world.approvalAddresses.get(id) ?? null });
    const users = all
      .filter(({ id }) => body.userIds.includes(id))
      .map((user) => ({ ...user, ...addressOf(user.id) }));
    return {
      status: 200,
      body: { users, usersByRole, limits: world.limits, tenantStatus: world.tenantStatus },
    };
  });
}

async function happen({ meanwhile }: Neighbourhood, userId: string): Promise<void> {
  const event = meanwhile.get(userId);
  meanwhile.delete(userId);
  await event?.();
}

function owner({ owner: state }: Neighbourhood) {
  return bindForServices(INTERNAL_ROUTES.applyUserChange, async ({ body }) => {
    if (state.isDown) throw appError('dependency_down');
    if (state.refusal !== null) throw appError(state.refusal);
    if (!state.applied.includes(body.changeId)) state.applied.push(body.changeId);
    return { status: 200, body: {} };
  });
}

function codes(world: Neighbourhood) {
  return bindForServices(INTERNAL_ROUTES.verifyTotp, async ({ body: { userId, code } }) => {
    const present = world.codes.get(userId);
    world.checkedCodes.set(userId, (world.checkedCodes.get(userId) ?? 0) + 1);
    const retryAfterSeconds = world.blockedSeconds.get(userId);
    if (retryAfterSeconds !== undefined)
      return { status: 200, body: { outcome: 'blocked', retryAfterSeconds } };
    if (present === undefined) return { status: 200, body: { outcome: 'none' } };
    return { status: 200, body: { outcome: present === code ? 'accepted' : 'wrong' } };
  });
}

function wallet(world: Neighbourhood) {
  return bindForServices(INTERNAL_ROUTES.getWalletForTransfer, async ({ body }) => {
    if (world.isRegistryDown) throw appError('dependency_down');
    const found = world.wallets.get(body.walletId);
    const asset = assetOf(world, body.assetId);
    const known = knownAmong(world, body.destination?.addresses ?? []);
    return { status: 200, body: { wallet: found ? { status: 'active', ...found } : null, asset, known } };
  });
}

/** As the registry finds it: however its letters are written. */
function assetOf({ assets }: Neighbourhood, text: string) {
  return [...assets.values()].find(({ assetId }) => assetId.toLowerCase() === text.toLowerCase()) ?? null;
}

function knownAmong({ known }: Neighbourhood, texts: readonly string[]) {
  const kindsOf = (address: string) => known.get(address.toLowerCase()) ?? [];
  return texts.flatMap((address) => kindsOf(address).map((kind) => ({ address, kind })));
}

function addresses(world: Neighbourhood) {
  return bindForServices(INTERNAL_ROUTES.resolveAddresses, async ({ body }) => {
    return { status: 200, body: { known: knownAmong(world, body.addresses) } };
  });
}

function quote(world: Neighbourhood) {
  return bindForServices(INTERNAL_ROUTES.quote, async ({ body }) => {
    await world.chainAnswers.get(body.chainId);
    if (world.isChainDown) throw appError('dependency_down');
    return { status: 200, body: quoteBody(world) };
  });
}

function quoteBody(world: Neighbourhood) {
  return {
    feeModel: 'eip1559' as const,
    standard: { maxFeePerGas: (2n * GWEI).toString(), maxPriorityFeePerGas: GWEI.toString() },
    ...world.quote,
    head: { height: 1, hash: `0x${'ab'.repeat(32)}`, time: '2026-01-01T00:00:00.000Z' },
  };
}
