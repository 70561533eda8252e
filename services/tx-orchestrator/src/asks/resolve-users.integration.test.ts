import { randomUUID } from 'node:crypto';
import { INTERNAL_ROUTES } from '@ironforge/contracts';
import {
  bindForServices,
  createInternalClient,
  createMetrics,
  createTokenIssuer,
  serveRoutes,
} from '@ironforge/service-kit';
import { createCollectingLogger } from '@ironforge/testing';
import { expect, test } from 'vitest';
import { internalKeys } from '../testbed/internal-keys.fixture.ts';
import { APPROVING_ROLES, createResolveUsers } from './resolve-users.ts';

const limits = { maxWallets: 1, maxTransactionsPerDay: 1, requestsPerMinute: 1 };
const WITHIN_MS = 1_000;

/** An identity where everybody is an active approver, and who asks it; each answer waits for what stands in its way. */
async function startIdentity() {
  await using stack = new AsyncDisposableStack();
  const keys = internalKeys();
  const way = { isClear: Promise.resolve() };
  const holders = [randomUUID()];
  const asked: (readonly string[])[] = [];
  const route = bindForServices(INTERNAL_ROUTES.resolveUsers, async ({ body: { userIds, roles } }) => {
    asked.push(userIds);
    await way.isClear;
    const user = { status: 'active' as const, roles: ['approver' as const], approvalAddress: null };
    const users = userIds.map((id) => ({ id, ...user }));
    const usersByRole = roles.map((role) => ({ role, userIds: holders }));
    return { status: 200, body: { users, usersByRole, limits, tenantStatus: 'active' as const } };
  });
  const clock = () => new Date();
  const { url } = stack.use(
    await serveRoutes({
      service: 'identity',
      config: { PORT: 0, HOST: '127.0.0.1', NODE_ENV: 'test', INTERNAL_JWKS: keys.jwks },
      routes: [route],
      checks: {},
      metrics: createMetrics('identity'),
      log: createCollectingLogger(),
      clock,
    }),
  );
  const issueToken = createTokenIssuer(keys.orchestrator, clock);
  const urls = { identity: url };
  const call = createInternalClient({ service: 'tx-orchestrator', urls, issueToken, timeoutMs: WITHIN_MS });
  const resolveUsers = createResolveUsers(call, WITHIN_MS);
  const running = stack.move();
  return { way, asked, holders, resolveUsers, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

test('who waits behind a call that hangs is told as soon as he had been alone, and the next hears from identity', async () => {
  await using identity = await startIdentity();
  const hanging = Promise.withResolvers<void>();
  identity.way.isClear = hanging.promise;
  const tenantId = randomUUID();
  const ask = async () => await identity.resolveUsers({ tenantId, userIds: [randomUUID()] });
  const outcomes = await Promise.allSettled(Array.from({ length: 80 }, ask));
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toEqual([]);
  for (const outcome of outcomes) expect(outcome).toMatchObject({ reason: { code: 'dependency_down' } });
  expect(identity.asked.length).toBeLessThanOrEqual(2);
  hanging.resolve();
  expect((await ask()).users).toHaveLength(1);
});

test('more users than identity tells of at a time are asked about in several calls, and told of together', async () => {
  await using identity = await startIdentity();
  const userIds = Array.from({ length: 2_001 }, () => randomUUID());
  const answer = await identity.resolveUsers({ tenantId: randomUUID(), userIds: [...userIds, ...userIds] });
  expect(answer.users.map(({ id }) => id)).toEqual(userIds);
  expect(answer.usersByRole).toEqual(APPROVING_ROLES.map((role) => ({ role, userIds: identity.holders })));
  expect(identity.asked.map(({ length }) => length).toSorted((a, b) => a - b)).toEqual([1, 1_000, 1_000]);
});
