import { appError, INTERNAL_ROUTES } from '@ironforge/contracts';
import { hasCode } from '@ironforge/kernel';
import { createFaultProxy } from '@ironforge/testing';
import { expect, it } from 'vitest';
import { bindForServices } from '../http/bind.ts';
import { listen } from '../http/listen.ts';
import { AUDIENCE, issuers, startTestService } from '../http/service-app.fixture.ts';
import { createInternalClient } from './create-internal-client.ts';

const route = INTERNAL_ROUTES.getWalletForTransfer;
const body = {
  tenantId: '5b0f3a52-6f0a-4a6e-9d1b-0a1b2c3d4e5f',
  walletId: '5b0f3a52-6f0a-4a6e-9d1b-0a1b2c3d4e50',
  assetId: 'eip155:1/slip44:60',
};
/** The service of these tests in the place of identity. */
function clientOfIdentity(url: string) {
  const issueToken: typeof issuers.audit = async (_audience, caller) => await issuers.audit(AUDIENCE, caller);
  return createInternalClient({ service: 'audit', urls: { identity: url }, issueToken });
}

const nothingFound = { wallet: null, asset: null, known: [] };
const loopback = { host: '127.0.0.1', port: 0 };

function clientOf(url: string, timeoutMs = 5_000) {
  const urls = { [AUDIENCE]: url };
  return createInternalClient({ service: 'audit', urls, issueToken: issuers.audit, timeoutMs });
}

it('calls with a token and gives the parsed answer, or the fault that was answered', async () => {
  const asked: string[] = [];
  const bound = bindForServices(route, async ({ body: { walletId }, caller, requestId }) => {
    asked.push(`${caller.service} ${requestId}`);
    if (walletId === body.walletId) return { status: 200, body: nothingFound };
    return appError('wallet_watch_only', { errors: [{ pointer: '/walletId', code: 'odd' }] });
  });
  await using service = await startTestService([bound]);
  const call = clientOf(service.url);
  expect(await call(route, { body, requestId: 'request-1' })).toEqual(nothingFound);
  expect(asked).toEqual(['audit request-1']);
  await expect(call(route, { body: { ...body, walletId: body.tenantId } })).rejects.toMatchObject({
    code: 'wallet_watch_only',
    errors: [{ pointer: '/walletId', code: 'odd' }],
  });
});

it.each([
  ['answers 500', 500, '{}'],
  ['answers with the page of a proxy', 502, '<html>'],
  ['answers another shape', 200, '{"wallet":1}'],
])('calls the service down when it %s', async (_what, status, text) => {
  await using broken = await listen((_request, response) => response.writeHead(status).end(text), loopback);
  await expect(clientOf(broken.url)(route, { body })).rejects.toMatchObject({
    code: 'dependency_down',
    retry: 'later',
  });
});

it('tells a bug of the service from its absence', async () => {
  const bound = bindForServices(route, async () => {
    throw new Error('a bug');
  });
  await using service = await startTestService([bound]);
  await expect(clientOf(service.url)(route, { body })).rejects.toMatchObject({
    code: 'dependency_failed',
    retry: 'later',
  });
});

it('tells that a chain is stopped as it was told', async () => {
  const problem = {
    type: 'about:blank',
    title: 'stopped',
    status: 503,
    code: 'chain_stopped',
    detail: 'below',
    errors: [],
  };
  const text = JSON.stringify({ ...problem, instance: '/', requestId: 'r' });
  await using stopped = await listen((_request, response) => response.writeHead(503).end(text), loopback);
  await expect(clientOf(stopped.url)(route, { body })).rejects.toMatchObject({
    code: 'chain_stopped',
    message: 'below',
    retry: 'later',
  });
});

it.each(['never', 'later'] as const)(
  'tells of a refusal whether the same call can work: %s',
  async (retry) => {
    const bound = bindForServices(route, async () => {
      throw appError('version_conflict', { retry });
    });
    await using service = await startTestService([bound]);
    await expect(clientOf(service.url)(route, { body })).rejects.toMatchObject({
      code: 'version_conflict',
      retry,
    });
  },
);

it('calls the service down when it says nothing in time', async () => {
  await using mute = await listen((request) => setTimeout(() => request.socket.destroy(), 600), loopback);
  await expect(clientOf(mute.url, 300)(route, { body })).rejects.toMatchObject({ code: 'dependency_down' });
});

it('tells whom it calls how long it waits, so that he can say in time that nobody answers him', async () => {
  await using mute = await listen(() => {}, loopback);
  const inner = clientOf(mute.url, 60_000);
  const bound = bindForServices(route, async ({ answerBy }) => {
    const outcome = await inner(route, { body, answerBy }).catch((error: unknown) => error);
    return hasCode(outcome, 'dependency_down') ? appError('wallet_watch_only') : appError('not_found');
  });
  await using service = await startTestService([bound]);
  await expect(clientOf(service.url, 5_000)(route, { body })).rejects.toMatchObject({
    code: 'wallet_watch_only',
  });
});

it('does not repeat a call that serves once when its answer is lost', async () => {
  let verified = 0;
  const totp = INTERNAL_ROUTES.verifyTotp;
  const bound = bindForServices(totp, async () => {
    verified += 1;
    return { status: 200, body: { outcome: 'accepted' as const } };
  });
  await using service = await startTestService([bound]);
  await using line = await createFaultProxy(service.url);
  line.onAnswer(() => 'reset');
  const call = clientOfIdentity(line.urlFor(service.url));
  const proof = { tenantId: body.tenantId, userId: body.walletId, code: '123456' };
  await expect(call(totp, { body: proof })).rejects.toMatchObject({ code: 'dependency_down' });
  expect(verified).toBe(1);
});

it('waits for a service that is just starting again', async () => {
  const bound = bindForServices(route, async () => ({ status: 200, body: nothingFound }));
  await using service = await startTestService([bound]);
  await using line = await createFaultProxy(service.url);
  let tries = 0;
  line.onRequest(() => (++tries < 4 ? 'reset' : 'pass'));
  expect(await clientOf(line.urlFor(service.url))(route, { body })).toEqual(nothingFound);
  expect(tries).toBeGreaterThan(3);
});
