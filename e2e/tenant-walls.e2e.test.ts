import { randomUUID } from 'node:crypto';
import { type Route, ROUTES } from '@ironforge/contracts';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from './world/caller.ts';
import { allowAll, askToPay, createBody, type KeyedWallet, openWallet } from './world/payment.ts';
import { makeSpecimens, portraitOf, requestFor, type Specimens } from './world/specimens.ts';
import { foundTenant, type Tenant } from './world/tenant.ts';

const routes = Object.entries<Route>(ROUTES).map(([name, route]) => ({ name, route }));
const reaching = routes.filter(({ route }) => route.path.includes('{id}'));
const listing = routes.filter(({ route }) => route.method === 'GET' && !route.path.includes('{id}'));

let ours: Tenant;
let theirs: Tenant;
let specimens: Specimens;
let ownWallet: KeyedWallet;

beforeAll(async () => {
  [ours, theirs] = await Promise.all([foundTenant(), foundTenant()]);
  await allowAll(theirs);
  [specimens, ownWallet] = await Promise.all([makeSpecimens(ours), openWallet(theirs)]);
});

const strangers = (): readonly Caller[] => {
  const { admin, operator, approvers, signer, compliance, user } = theirs;
  return [admin, operator, approvers[0], signer, compliance, user];
};

describe('another tenant’s id', () => {
  it.each(reaching)('is not found by $route.method $route.path ($name)', async ({ name, route }) => {
    const before = await portraitOf(ours);
    for (const stranger of strangers()) {
      const { status } = await stranger.raw(requestFor(name, route, specimens));
      expect([403, 404]).toContain(status);
    }
    expect(await portraitOf(ours)).toBe(before);
  });

  it.each(listing)('is in no answer of $route.path ($name)', async ({ name, route }) => {
    for (const stranger of strangers()) {
      const { text } = await stranger.raw(requestFor(name, route, specimens));
      for (const id of Object.values(specimens)) expect(text).not.toContain(id);
    }
  });

  it('is not found inside a body, and filters by it find nothing', async () => {
    const before = await portraitOf(ours);
    const foreignWallet = { id: String(specimens['/v1/wallets/{id}']) };
    const headers = { 'idempotency-key': randomUUID() };
    const pay = await theirs.operator.outcome(ROUTES.createTransaction, {
      body: createBody(foreignWallet),
      headers,
    });
    expect([404, 422]).toContain(pay.status);
    const { data } = await theirs.operator.call(ROUTES.listTransactions, {
      query: { walletId: foreignWallet.id },
    });
    expect(data).toEqual([]);
    expect(await portraitOf(ours)).toBe(before);
  });

  it('is no policy for a wallet of one’s own', async () => {
    const policyId = String(specimens['/v1/policies/{id}']);
    const params = { id: ownWallet.id };
    const refused = await theirs.admin.outcome(ROUTES.updateWallet, { params, body: { policyId } });
    expect(refused).toEqual({ status: 422, code: 'validation_failed' });
    expect(await theirs.admin.call(ROUTES.getWallet, { params })).toMatchObject({ policyId: null });
    expect(await askToPay(theirs.operator, ownWallet)).toMatchObject({ status: 'approved' });
  });
});
