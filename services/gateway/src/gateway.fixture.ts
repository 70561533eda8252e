import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createCache } from '@ironforge/cache';
import { type Route, type RouteInput, ROUTES, requestOf } from '@ironforge/contracts';
import { type SigningKey, signingKey } from '@ironforge/service-kit';
import {
  createCollectingLogger,
  createFaultProxy,
  createTestDatabase,
  createTestVhost,
  type FaultProxy,
  partUrl,
  startService,
  type TestDatabase,
  testKeyPrefix,
} from '@ironforge/testing';
import { startGateway } from './app.ts';
import { parseConfig } from './config.ts';

/** The gateway in front of identity in a process of its own; the other services are not there. */
export interface TestGateway extends AsyncDisposable {
  readonly url: string;
  readonly database: TestDatabase;
  /** Between the gateway and Redis. */
  readonly redis: FaultProxy;
  /** Between the gateway and identity. */
  readonly identity: FaultProxy;
  send(path: string, init?: RequestInit): Promise<Response>;
  ask<R extends Route>(route: R, input: RouteInput<R>, token?: string): Promise<Response>;
  signIn(email: string): Promise<string>;
}

/** The password of every user of the tests. */
export const PASSWORD = 'correct horse battery';

/** Starts both on a database, a vhost and a key prefix of their own; `limits` are the gateway's variables. */
export async function startTestGateway(limits: Record<string, string> = {}): Promise<TestGateway> {
  await using parts = new AsyncDisposableStack();
  const database = parts.use(await createTestDatabase());
  const vhost = parts.use(await createTestVhost());
  const redis = parts.use(await createFaultProxy(partUrl('REDIS_URL')));
  const keys = { gateway: newKey('gateway'), identity: newKey('identity') };
  const jwks = JSON.stringify({ keys: Object.values(keys).map(({ d: _private, ...open }) => open) });
  const log = createCollectingLogger();
  const identity = parts.use(
    await startService('identity', {
      ...identityEnvironment(keys.identity, jwks),
      DATABASE_URL: database.url,
      AMQP_URL: vhost.amqpUrl,
    }),
  );
  const { url: identityUrl } = identity;
  const link = parts.use(await createFaultProxy(identityUrl));
  const cache = parts.use(
    await createCache({ url: redis.urlFor(partUrl('REDIS_URL')), log, prefix: testKeyPrefix() }),
  );
  const config = parseConfig(
    gatewayEnvironment(keys.gateway, jwks, { ...limits, IDENTITY_URL: link.urlFor(identityUrl) }),
  );
  const { url } = parts.use(await startGateway(config, { cache, log, clock: () => new Date() }));
  const owned = parts.move();
  return {
    ...clientOf(url),
    url,
    database,
    redis,
    identity: link,
    [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
  };
}

function clientOf(url: string): Pick<TestGateway, 'send' | 'ask' | 'signIn'> {
  const send: TestGateway['send'] = async (path, init) => await fetch(url + path, init);
  const ask: TestGateway['ask'] = async (route, input, token) => {
    const { path, method, headers, body } = requestOf(route, input);
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
    return await send(path, { method, headers: { ...headers, ...authorization }, body });
  };
  const signIn = async (email: string) => {
    const answer = await ask(ROUTES.login, { body: { email, password: PASSWORD } });
    return ROUTES.login.reply.parse(await answer.json()).accessToken;
  };
  return { send, ask, signIn };
}

/** Where no service listens. */
const NOWHERE = 'http://127.0.0.1:9';

function identityEnvironment(key: SigningKey, jwks: string): Record<string, string> {
  const user = (email: string, roles: string[]) => ({ email, password: PASSWORD, displayName: email, roles });
  const users = [
    user('root@forge.test', ['super_admin']),
    user('admin@forge.test', ['admin']),
    user('clerk@forge.test', ['user']),
  ];
  return {
    NODE_ENV: 'test',
    INTERNAL_SIGNING_KEY: JSON.stringify(key),
    INTERNAL_JWKS: jwks,
    ACCESS_TOKEN_KEY: JSON.stringify(newKey('access')),
    API_KEY_PEPPER: randomBytes(32).toString('hex'),
    PERSONAL_DATA_KEY: randomBytes(32).toString('hex'),
    EMAIL_INDEX_KEY: randomBytes(32).toString('hex'),
    TX_ORCHESTRATOR_URL: NOWHERE,
    BOOTSTRAP: JSON.stringify({ tenant: { name: 'Forge', plan: 'enterprise' }, users }),
  };
}

function gatewayEnvironment(
  key: SigningKey,
  jwks: string,
  own: Record<string, string>,
): Record<string, string> {
  return {
    PORT: '0',
    NODE_ENV: 'test',
    PUBLIC_URL: 'http://gateway.test',
    REDIS_URL: partUrl('REDIS_URL'),
    INTERNAL_SIGNING_KEY: JSON.stringify(key),
    INTERNAL_JWKS: jwks,
    WALLET_REGISTRY_URL: NOWHERE,
    TX_ORCHESTRATOR_URL: NOWHERE,
    CHAIN_WATCHER_EVM_URL: NOWHERE,
    AUDIT_URL: NOWHERE,
    ...own,
  };
}

function newKey(kid: string): SigningKey {
  const { privateKey } = generateKeyPairSync('ed25519');
  return signingKey.parse({ ...privateKey.export({ format: 'jwk' }), kid });
}
