import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { createBus } from '@ironforge/bus';
import {
  type Envelope,
  envelope,
  type HttpRequest,
  INTERNAL_ROUTES,
  type Route,
  type RouteInput,
  ROUTES,
  requestOf,
} from '@ironforge/contracts';
import { branded, type TenantId, type UserId } from '@ironforge/kernel';
import { type Caller, createTokenIssuer, signingKey } from '@ironforge/service-kit';
import { type Rules, startRules } from './rules.fixture.ts';
import { createStore } from '@ironforge/store';
import {
  type CollectingLogger,
  createCollectingLogger,
  createTestDatabase,
  createTestVhost,
  type TestDatabase,
  type TestVhost,
} from '@ironforge/testing';
import type { z } from 'zod';
import { startIdentity } from './app.ts';
import { parseConfig } from './config.ts';

/** What a service answered: its status, headers and parsed body (or problem). */
export interface Reply<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
  readonly code: string | undefined;
}

/** How a person or program proves who it is; a caller was proved before. */
export type Credential =
  | { readonly accessToken: string }
  | { readonly apiKey: string }
  | { readonly caller: Caller };

/** Identity on real parts, and the gateway's way to it: a credential is turned into a caller at every call. */
export interface TestIdentity extends AsyncDisposable {
  readonly url: string;
  readonly database: TestDatabase;
  readonly vhost: TestVhost;
  readonly log: CollectingLogger;
  readonly clock: { now: Date };
  /** By which data keys are wrapped; 32 bytes. */
  readonly installationKey: Buffer;
  /** What the orchestrator says about changes. */
  readonly rules: Rules;
  /** Asks as the orchestrator does. */
  tell<R extends Route>(route: R, input: Input<R>): Promise<Reply<z.output<R['reply']>>>;
  /** The same in the name of the audit service. */
  tellAsAudit<R extends Route>(route: R, input: Input<R>): Promise<Reply<z.output<R['reply']>>>;
  ask<R extends Route>(route: R, input: Input<R>, who?: Credential): Promise<Reply<z.output<R['reply']>>>;
  /** Who somebody is at this moment; as such he may ask later, as if the proof and the question had crossed. */
  prove(who: Credential): Promise<Caller>;
  /** The events of one type in the outbox, oldest first. */
  events(type: string): Promise<Envelope[]>;
  signIn(email: string, password?: string): Promise<{ accessToken: string; refreshToken: string }>;
}

export interface Input<R extends Route> extends RouteInput<R> {
  /** The client's address; one of the test's own by default. */
  readonly ip?: string;
}

/** The password of every user of the tests. */
export const PASSWORD = 'correct horse battery';

/** The users that exist from the start, by role. */
export const EMAIL = {
  superAdmin: 'root@forge.test',
  admin: 'admin@forge.test',
  operator: 'operator@forge.test',
} as const;

/** Starts identity on a database and a vhost of its own. */
export async function startTestIdentity(): Promise<TestIdentity> {
  await using parts = new AsyncDisposableStack();
  const database = parts.use(await createTestDatabase());
  const vhost = parts.use(await createTestVhost());
  const log = createCollectingLogger();
  const time = { now: new Date() };
  const clock = () => time.now;
  const keys = {
    gateway: newKey('gateway'),
    orchestrator: newKey('tx-orchestrator'),
    audit: newKey('audit'),
    own: newKey('identity'),
  };
  const { gateway } = keys;
  const rules = parts.use(await startRules(keys.own));
  const store = parts.use(createStore({ url: database.url, log, pool: { min: 0, max: 8 } }));
  const bus = parts.use(await createBus({ url: vhost.amqpUrl, instance: 'identity-test', log }));
  const config = parseConfig({
    ...environment(keys),
    DATABASE_URL: database.url,
    AMQP_URL: vhost.amqpUrl,
    TX_ORCHESTRATOR_URL: rules.url,
  });
  const server = parts.use(await startIdentity(config, { store, bus, log, clock, newId: randomUUID }));
  const client = createClient(server.url, createTokenIssuer(gateway, clock));
  const orchestrator = createClient(server.url, createTokenIssuer(keys.orchestrator, clock));
  const audit = createClient(server.url, createTokenIssuer(keys.audit, clock));
  const owned = parts.move();
  return {
    url: server.url,
    database,
    vhost,
    log,
    clock: time,
    installationKey: Buffer.from(config.PERSONAL_DATA_KEY, 'hex'),
    rules: rules.said,
    tell: (route, input) =>
      orchestrator.ask(route, input, { caller: { kind: 'service', service: 'tx-orchestrator' } }),
    tellAsAudit: (route, input) => audit.ask(route, input, { caller: { kind: 'service', service: 'audit' } }),
    ...client,
    events: async (type) => await eventsOf(database, type),
    signIn: async (email, password = PASSWORD) =>
      (await client.ask(ROUTES.login, { body: { email, password } })).body,
    [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
  };
}

async function eventsOf(database: TestDatabase, type: string): Promise<Envelope[]> {
  const sql = 'SELECT body FROM outbox WHERE routing_key = $1 ORDER BY created_at';
  const rows = await database.query(sql, [type]);
  return rows.map((row) => envelope.parse(JSON.parse(String(row['body']))));
}

const GATEWAY: Caller = { kind: 'service', service: 'gateway' };
const CLIENT_IP = '192.0.2.1';

function createClient(
  url: string,
  issueToken: ReturnType<typeof createTokenIssuer>,
): Pick<TestIdentity, 'ask' | 'prove'> {
  const send = async (request: HttpRequest, caller: Caller, ip: string) => {
    const authorization = `Bearer ${await issueToken('identity', caller)}`;
    const headers = { ...request.headers, authorization, 'x-client-ip': ip };
    return await fetch(url + request.path, { method: request.method, headers, body: request.body });
  };
  /** The caller, or the answer that names none. */
  const authenticate = async (who: Credential, ip: string): Promise<Caller | Response> => {
    if ('caller' in who) return who.caller;
    const body = 'apiKey' in who ? { apiKey: who.apiKey, clientIp: ip } : { accessToken: who.accessToken };
    const known = await send(requestOf(INTERNAL_ROUTES.authenticate, { body }), GATEWAY, ip);
    if (known.status !== 200) return known;
    return callerOf(INTERNAL_ROUTES.authenticate.reply.parse(await known.json()));
  };
  return {
    prove: async (who) => {
      const caller = await authenticate(who, CLIENT_IP);
      if (caller instanceof Response) throw new Error(`nobody: ${caller.status}`);
      return caller;
    },
    ask: async (route, { ip = CLIENT_IP, ...input }, who) => {
      const caller = who === undefined ? GATEWAY : await authenticate(who, ip);
      if (caller instanceof Response) return await readReply(caller, route);
      return await readReply(await send(requestOf(route, input), caller, ip), route);
    },
  };
}

async function readReply<R extends Route>(
  response: Response,
  route: R,
): Promise<Reply<z.output<R['reply']>>> {
  const text = await response.text();
  const body: unknown = text === '' ? {} : JSON.parse(text);
  const isGood = response.status < 400;
  const code = typeof body === 'object' && body !== null && 'code' in body ? String(body.code) : undefined;
  // A test that reads the body of a refusal reads nothing: the reply's own schema says what is there.
  const shown = (isGood && response.status !== 202 ? route.reply.parse(body) : {}) as z.output<R['reply']>;
  return { status: response.status, headers: response.headers, body: shown, code };
}

function callerOf({
  tenantId,
  userId,
  apiKeyId,
  sessionId,
  roles,
  permissions,
}: z.output<typeof INTERNAL_ROUTES.authenticate.reply>): Caller {
  return {
    kind: 'user',
    tenantId: branded<TenantId>(tenantId),
    userId: branded<UserId>(userId),
    apiKeyId: apiKeyId === null ? null : branded(apiKeyId),
    sessionId,
    roles,
    permissions,
  };
}

type Key = ReturnType<typeof newKey>;

function environment({
  gateway,
  orchestrator,
  audit,
  own,
}: Readonly<Record<'gateway' | 'orchestrator' | 'audit' | 'own', Key>>) {
  const open = [gateway, orchestrator, audit].map(({ d: _private, ...half }) => half);
  const user = (email: string, roles: string[]) => ({
    email,
    password: PASSWORD,
    displayName: `The ${email}`,
    roles,
  });
  const users = [
    user(EMAIL.superAdmin, ['super_admin']),
    user(EMAIL.admin, ['admin']),
    user(EMAIL.operator, ['operator']),
  ];
  return {
    PORT: '0',
    NODE_ENV: 'test',
    INTERNAL_SIGNING_KEY: JSON.stringify(own),
    INTERNAL_JWKS: JSON.stringify({ keys: open }),
    ACCESS_TOKEN_KEY: JSON.stringify(newKey('access')),
    API_KEY_PEPPER: randomBytes(32).toString('hex'),
    PERSONAL_DATA_KEY: randomBytes(32).toString('hex'),
    EMAIL_INDEX_KEY: randomBytes(32).toString('hex'),
    BOOTSTRAP: JSON.stringify({ tenant: { name: 'Forge', plan: 'enterprise' }, users }),
  };
}

function newKey(kid: string) {
  const { privateKey } = generateKeyPairSync('ed25519');
  return signingKey.parse({ ...privateKey.export({ format: 'jwk' }), kid });
}
