import { type Permission, permissionsOf, problem, type Role, type Route, ROUTES } from '@ironforge/contracts';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Caller, callerWith } from './world/caller.ts';
import { makeSpecimens, portraitOf, requestFor, type Specimens } from './world/specimens.ts';
import { foundTenant, superAdmin, type Tenant } from './world/tenant.ts';

const routes = Object.entries<Route>(ROUTES).map(([name, route]) => ({ name, route }));
const closed = routes.filter(({ route }) => route.access !== 'public');
const guarded = closed.filter(({ route }) => route.access !== 'authenticated');

let tenant: Tenant;
let specimens: Specimens;
let reader: Caller;

beforeAll(async () => {
  tenant = await foundTenant();
  specimens = await makeSpecimens(tenant);
  const body = { name: 'reader', permissions: ['wallets:read' as const] };
  reader = callerWith((await tenant.operator.call(ROUTES.createApiKey, { body })).key);
});

interface Holder {
  readonly who: string;
  readonly caller: Caller;
  readonly held: readonly Permission[];
}

/** Somebody of every role, and a key that may do one thing only, so that each permission is lacked by somebody. */
const everybody = (): readonly Holder[] => [
  withRole('super_admin', superAdmin),
  withRole('admin', tenant.admin),
  withRole('operator', tenant.operator),
  withRole('approver', tenant.approvers[0]),
  withRole('signer', tenant.signer),
  withRole('compliance', tenant.compliance),
  withRole('user', tenant.user),
  withRole('price_feed', tenant.feed),
  { who: 'a key for wallets:read', caller: reader, held: ['wallets:read'] },
];

function withRole(role: Role, caller: Caller): Holder {
  return { who: role, caller, held: permissionsOf([role]) };
}

describe('a route', () => {
  it.each(closed)(
    '$route.method $route.path ($name) answers nobody who is not signed in',
    async ({ name, route }) => {
      for (const nobody of [callerWith(), callerWith('x'), callerWith('ifk_x_y')]) {
        expect(await codeOf(nobody, name, route)).toEqual([401, 'unauthenticated']);
      }
    },
  );

  it.each(guarded)(
    '$route.method $route.path ($name) refuses each role without its permission',
    async ({ name, route }) => {
      const before = await portraitOf(tenant);
      const lacking = everybody().filter(
        ({ held }) => !held.some((permission) => permission === route.access),
      );
      expect(lacking.length).toBeGreaterThan(0);
      for (const { who, caller } of lacking) {
        expect([who, ...(await codeOf(caller, name, route))]).toEqual([who, 403, 'permission_denied']);
      }
      expect(await portraitOf(tenant)).toBe(before);
    },
  );

  it('gives an API key no more than the permissions it was made with', async () => {
    expect(await reader.outcome(ROUTES.listWallets)).toEqual({ status: 200, code: null });
    expect(await reader.outcome(ROUTES.listTransactions)).toEqual({ status: 403, code: 'permission_denied' });
    expect(await reader.outcome(ROUTES.createApiKey, { body: { name: 'more' } })).toMatchObject({
      status: 403,
    });
  });
});

async function codeOf(caller: Caller, name: string, route: Route): Promise<readonly [number, string]> {
  const answer = await caller.raw(requestFor(name, route, specimens));
  return [answer.status, problem.parse(JSON.parse(answer.text)).code];
}
