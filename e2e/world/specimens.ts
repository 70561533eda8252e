import { randomUUID } from 'node:crypto';
import { type ChangeReceipt, type Route, ROUTES } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import { Wallet } from 'ethers';
import { changeOf, type RawRequest } from './caller.ts';
import { chain } from './environment.ts';
import { allowAll, askToPay, createBody, openWallet } from './payment.ts';
import { KEPT_FOR_EVER, pruneAccess } from './pruned.ts';
import { hirePerson, type Tenant } from './tenant.ts';

/** One resource of each kind that a tenant has; the key is the path that its id goes into. */
export type Specimens = Readonly<Record<string, string>>;

/** Makes one resource of each kind, so that every route with an id has something to reach for. */
export async function makeSpecimens(tenant: Tenant): Promise<Specimens> {
  const { admin, operator, compliance } = tenant;
  await allowAll(tenant);
  const wallet = await openWallet(tenant);
  const { data: policies } = await admin.call(ROUTES.listPolicies);
  const change = await proposeChange(tenant);
  const apiKey = await admin.call(ROUTES.createApiKey, { body: { name: 'specimen' } });
  const { data: sessions } = await operator.call(ROUTES.listSessions);
  const request = await askToPay(operator, wallet);
  const payee = { chainId: chain.chainId, address: Wallet.createRandom().address, label: 'specimen' };
  const entry = await operator.call(ROUTES.createAddressEntry, { body: { ...payee, isShared: true } });
  const certificate = await pruneAccess(tenant);
  const hold = await compliance.call(ROUTES.placeLegalHold, { body: HOLD });
  const audited = await waitUntil('a sealed entry', async () => {
    const { data } = await compliance.call(ROUTES.listAuditEntries, { query: { limit: 1 } });
    return data[0];
  });
  const wish = { format: 'jsonl' as const, toSequence: 1 };
  const exported = await compliance.call(ROUTES.createAuditExport, { body: wish });
  const blocks = { chainId: chain.chainId, from: 1, to: 1 };
  const report = await compliance.call(ROUTES.createAuditReport, { body: blocks });
  return {
    '/v1/tenants/{id}': tenant.id,
    '/v1/users/{id}': operator.id,
    '/v1/api-keys/{id}': apiKey.id,
    '/v1/me/sessions/{id}': sessions[0]?.id ?? '',
    '/v1/wallets/{id}': wallet.id,
    '/v1/policies/{id}': policies[0]?.id ?? '',
    '/v1/changes/{id}': change.changeId,
    '/v1/transactions/{id}': request.id,
    '/v1/address-book/{id}': entry.id,
    '/v1/audit/entries/{id}': audited.id,
    '/v1/audit/history/{kind}/{id}': operator.id,
    '/v1/audit/holds/{id}': hold.id,
    '/v1/audit/deletion-certificates/{id}': certificate.id,
    '/v1/audit/exports/{id}': exported.id,
    '/v1/audit/reports/{id}': report.id,
  };
}

/** A second admin decides where no group is named, so the first one's policy waits for him. */
async function proposeChange({ id, admin }: Tenant): Promise<ChangeReceipt> {
  await hirePerson(admin, id, 'admin');
  const rules = [{ name: 'x', when: {}, effect: { type: 'deny' as const } }];
  return changeOf(await admin.ask(ROUTES.createPolicy, { body: { name: 'proposed', rules } }));
}

/** A request of a route that only a wall can refuse: it reaches for a specimen and carries a body that the route takes. */
export function requestFor(name: string, route: Route, specimens: Specimens): RawRequest {
  const body: unknown = Object.entries(BODIES).find(([key]) => key === name)?.[1] ?? {};
  if (!route.body.safeParse(body).success) throw new Error(`no body for ${name}: add one`);
  const path = route.path
    .replace('{id}', specimenFor(route.path, specimens) ?? '')
    .replace('{kind}', 'user')
    .replace('{month}', '2020-01')
    .replace('{size}', '1');
  if (route.method === 'GET') return { method: 'GET', path: `${path}${QUERIES[path] ?? ''}` };
  const headers = { 'content-type': 'application/json', 'idempotency-key': randomUUID() };
  return { method: route.method, path, headers, body: JSON.stringify(body) };
}

const QUERIES: Readonly<Record<string, string>> = {
  '/v1/audit/checkpoints/1/consistency': '?from=1',
  '/v1/audit/stream': '?after=0',
  '/v1/fees': `?chainId=${chain.chainId}`,
  '/v1/chains/reconciliation': `?chainId=${chain.chainId}&from=1`,
};

function specimenFor(path: string, specimens: Specimens): string | undefined {
  if (!path.includes('{id}')) return undefined;
  const found = Object.entries(specimens).find(([prefix]) => path.startsWith(prefix));
  if (found === undefined)
    throw new Error(`no specimen for ${path}: add one, so that the walls are tested there too`);
  return found[1];
}

const account = { email: 'x@e2e.example', displayName: 'X' };
const someone = '00000000-0000-4000-8000-000000000000';
const hash = `0x${'0'.repeat(64)}`;
const HOLD = { name: 'specimen', reason: 'x', scope: {} };

/** A body that each route with one takes, so that nothing but the wall can refuse the call. */
const BODIES: { readonly [Name in keyof typeof ROUTES]?: object } = {
  login: { email: account.email, password: 'x' },
  refresh: { refreshToken: 'x' },
  logout: { refreshToken: 'x' },
  changePassword: { currentPassword: 'x', newPassword: 'long enough, surely' },
  confirmTotp: { code: '000000' },
  renewRecoveryCodes: { code: '000000' },
  offerApprovalAddress: { address: Wallet.createRandom().address },
  confirmApprovalAddress: { signature: `0x${'00'.repeat(65)}` },
  createTenant: { name: 'x', plan: 'free', admin: { ...account, password: 'long enough, surely' } },
  updateTenant: { status: 'suspended' },
  createUser: { ...account, roles: ['user'] },
  updateUser: { status: 'suspended' },
  createApiKey: { name: 'x' },
  createWallet: { chainId: chain.chainId, name: 'x', type: 'hot', address: Wallet.createRandom().address },
  updateWallet: { name: 'stolen' },
  createAddressEntry: {
    chainId: chain.chainId,
    address: Wallet.createRandom().address,
    label: 'x',
    isShared: true,
  },
  putAuditBrokerStream: { maxAgeDays: 1 },
  createBackfill: { fromHeight: 0 },
  createAsset: {
    assetId: `${chain.chainId}/erc20:${Wallet.createRandom().address}`,
    chainId: chain.chainId,
    symbol: 'X',
    name: 'X',
    decimals: 6,
  },
  pushPrices: {
    prices: [
      {
        assetId: `${chain.chainId}/slip44:60`,
        currency: 'USD',
        price: '1',
        decimals: 18,
        source: 'x',
        observedAt: '2026-01-01T00:00:00Z',
      },
    ],
  },
  createPolicy: { name: 'x', rules: [{ name: 'x', when: {}, effect: { type: 'allow' } }] },
  updatePolicy: { name: 'stolen' },
  decideChange: { decision: 'reject', changeHash: hash },
  simulatePolicy: { last: 1 },
  createTransaction: createBody({ id: someone }),
  decideTransaction: { decision: 'reject', intentHash: hash },
  createSigningPayload: {},
  setAuditRetention: KEPT_FOR_EVER,
  placeLegalHold: HOLD,
  releaseLegalHold: { reason: 'stolen' },
  resumeChain: { chainId: chain.chainId, finalizedHeight: 0 },
  submitSignature: { leaseId: someone, signedTransaction: '0x02' },
  createAuditExport: { format: 'jsonl' },
  createAuditReport: { chainId: chain.chainId, from: 1, to: 1 },
};

/** Everything of a tenant that a stranger could have changed, as its own people see it. */
export async function portraitOf({ admin, operator, compliance }: Tenant): Promise<string> {
  const [retention, ...parts] = await Promise.all([
    compliance.call(ROUTES.getAuditRetention),
    compliance.call(ROUTES.listLegalHolds),
    admin.call(ROUTES.listUsers, { query: { limit: 200 } }),
    admin.call(ROUTES.listApiKeys),
    admin.call(ROUTES.listPolicies),
    admin.call(ROUTES.listChanges),
    admin.call(ROUTES.listPrices),
    operator.call(ROUTES.listWallets),
    operator.call(ROUTES.listAssets),
    operator.call(ROUTES.listAddressEntries),
    operator.call(ROUTES.listTransactions),
  ]);
  return JSON.stringify([retention, ...parts.map(({ data }) => data.map(withoutTimes))], null, 1);
}

// Reading is allowed to leave these marks; blocks pass by themselves.
function withoutTimes(row: object): object {
  return { ...row, lastUsedAt: null, lastLoginAt: null, confirmations: null };
}
