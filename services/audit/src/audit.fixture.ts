import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createBus, type OutgoingMessage } from '@ironforge/bus';
import type { EventType } from '@ironforge/contracts';
import { formatImmudbUrl } from '@ironforge/immudb';
import { branded, type Logger, type TenantId, type UserId } from '@ironforge/kernel';
import { createMetrics, createTokenIssuer, type Environment, type UserCaller } from '@ironforge/service-kit';
import { createStore } from '@ironforge/store';
import {
  type CollectingLogger,
  createCollectingLogger,
  createTestDatabase,
  createTestVhost,
  partUrl,
  spawnBound,
  type TestDatabase,
  type TestImmudb,
  waitUntil,
} from '@ironforge/testing';
import { z } from 'zod';
import { type Audit, startAudit } from './app.ts';
import { callNeighbours } from './call-neighbours.ts';
import { type Config, parseConfig } from './config.ts';
import { createOwnEntries } from './entry/own-entries.ts';
import { createSeal } from './personal/seal-whereabouts.ts';
import { openLedger } from './copy/open-ledger.ts';
import {
  type IdentityBeside,
  identityForAll,
  newServiceKey,
  publicHalves,
  SERVICE_KEYS,
  startIdentityBeside,
} from './identity-beside.fixture.ts';

/** A database, a vhost and a bus of the test's own, and audit services that work on them. */
export interface AuditWorld extends AsyncDisposable {
  readonly database: TestDatabase;
  readonly config: Config;
  /** What the services in this process said. */
  readonly log: CollectingLogger;
  /** Starts a service in this process, with further settings; the world stops it at its end. */
  start(settings?: Environment): Promise<Audit>;
  /** Starts a service as a process of its own, with further settings. */
  spawn(settings?: Environment): ServiceProcess;
  /** Publishes events until the broker has confirmed each. */
  publish(messages: readonly OutgoingMessage[]): Promise<void>;
  /** The Authorization header of a caller, as the gateway would send it. */
  authorize(caller: UserCaller): Promise<string>;
  /** Every entry of a tenant, numbered ones first. */
  entries(tenantId: TenantId): Promise<EntryRow[]>;
  /** Waits until so many entries of a tenant are there, with a number or without. */
  stored(tenantId: TenantId, count: number): Promise<void>;
  /** Waits until so many entries of a tenant have a number. */
  numbered(tenantId: TenantId, count: number): Promise<EntryRow[]>;
}

export interface EntryRow {
  readonly id: string;
  readonly sequence: number | null;
  readonly event_id: string;
  readonly aggregate: string;
  readonly aggregate_version: number;
  readonly type: string;
  readonly canonical: string | null;
}

export interface ServiceProcess {
  kill(): Promise<void>;
}

/** A world with an identity that works on the same database, and the people it knows. */
export interface PeopledWorld extends AuditWorld {
  readonly identity: IdentityBeside;
}

/** Makes a world; its services have no immudb unless they are given one. */
export async function createAuditWorld(immudb: TestImmudb | null = null): Promise<AuditWorld> {
  await using stack = new AsyncDisposableStack();
  const parts = await takeParts(stack);
  const { url } = await identityForAll();
  return await worldOn(stack.move(), parts, { IDENTITY_URL: url, ...immudbEnvironment(immudb) });
}

/** Makes a world of which the test needs identity, too. */
export async function createPeopledWorld(): Promise<PeopledWorld> {
  await using stack = new AsyncDisposableStack();
  const parts = await takeParts(stack);
  const identity = stack.use(await startIdentityBeside(parts));
  const world = await worldOn(stack.move(), parts, {
    IDENTITY_URL: identity.url,
    ...immudbEnvironment(null),
  });
  return { ...world, identity };
}

interface Parts {
  readonly database: TestDatabase;
  readonly DATABASE_URL: string;
  readonly AMQP_URL: string;
}

async function takeParts(stack: AsyncDisposableStack): Promise<Parts> {
  const database = stack.use(await createTestDatabase());
  const { amqpUrl } = stack.use(await createTestVhost());
  return { database, DATABASE_URL: database.url, AMQP_URL: amqpUrl };
}

/** The stack holds what the world is made of, and ends it with the world. */
async function worldOn(
  running: AsyncDisposableStack,
  { database, ...urls }: Parts,
  further: Environment,
): Promise<AuditWorld> {
  const environment = { ...environmentOf(), ...urls, ...further };
  const log = createCollectingLogger();
  const bus = running.use(await createBus({ url: urls.AMQP_URL, instance: 'test', log }));
  const issue = createTokenIssuer(SERVICE_KEYS.gateway, () => new Date());
  const entries = (tenantId: TenantId) => entriesOf(database, tenantId);
  return {
    database,
    config: parseConfig(environment),
    log,
    start: async (settings = {}) =>
      running.use(await startInProcess(parseConfig({ ...environment, ...settings }), log)),
    spawn: (settings = {}) => spawnService(running, { ...environment, ...settings }),
    publish: async (messages) => {
      const outcomes = await bus.publish(messages);
      if (!outcomes.every(({ confirmed }) => confirmed)) throw new Error('not every event was confirmed');
    },
    authorize: async (caller) => `Bearer ${await issue('audit', caller)}`,
    entries,
    stored: async (tenantId, count) => {
      await waitUntil(`${count} entries`, async () => (await entries(tenantId)).length >= count);
    },
    numbered: (tenantId, count) =>
      waitUntil(`${count} numbered entries`, async () => {
        const rows = (await entries(tenantId)).filter(({ sequence }) => sequence !== null);
        return rows.length >= count ? rows : null;
      }),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** One change of a wallet: an event of an aggregate. */
export function walletUpdated(tenantId: TenantId, walletId: string, version: number): OutgoingMessage {
  const data = {
    wallet: {
      id: walletId,
      userId: randomUUID(),
      chainId: 'eip155:31337',
      address: '0x00000000000000000000000000000000000000Ab',
      name: `wallet at version ${version}`,
      type: 'hot',
      status: 'active',
      policyId: null,
      isWatchOnly: false,
      tags: [],
    },
  };
  return message('wallet.updated', { tenantId, subject: walletId, version, data });
}

/** A sign-in: an event outside every aggregate. */
export function loginFailed(tenantId: TenantId, subject = randomUUID() as string): OutgoingMessage {
  return message('session.login_failed', {
    tenantId,
    subject,
    version: 1,
    data: { userId: null, reason: 'unknown_account' },
  });
}

/** Makes entries about what the service does itself, and wakes nobody. */
export const { make: makeEntry } = createOwnEntries({
  clock: () => new Date(),
  newId: randomUUID,
  seal: createSeal(() => Promise.reject(new Error('no entry of the service itself is about a place'))),
  onRecorded: () => undefined,
});

/** A tenant nobody else has. */
export function newTenant(): TenantId {
  return branded<TenantId>(randomUUID());
}

/** A person of a tenant with these permissions. */
export function personOf(tenantId: TenantId, ...permissions: string[]): UserCaller {
  const userId = branded<UserId>(randomUUID());
  return { kind: 'user', tenantId, userId, apiKeyId: null, sessionId: null, roles: [], permissions };
}

/** Who does something, and from where. */
export interface Doer {
  readonly actortype: 'user' | 'api_key' | 'service';
  readonly actorid: string;
  readonly clientip?: string;
  readonly useragent?: string;
}

/** The same event, done by somebody in particular. */
export function doneBy({ body, ...message }: OutgoingMessage, doer: Doer): OutgoingMessage {
  const { clientip: _ip, useragent: _agent, ...rest } = z.looseObject({}).parse(body);
  return { ...message, body: { ...rest, ...doer } };
}

/** Somebody's event of any type, with whatever data that type has. */
export interface Content {
  readonly tenantId: TenantId;
  readonly subject: string;
  readonly version: number;
  readonly data: object;
  /** Somebody new when left out. */
  readonly actor?: { readonly type: 'user' | 'api_key'; readonly id: string };
}

/** An event as its service would publish it. */
export function message(type: EventType, content: Content): OutgoingMessage {
  const { tenantId, subject, version, data, actor } = content;
  const id = randomUUID();
  const body = {
    specversion: '1.0',
    id,
    type,
    source: 'test',
    subject,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    tenantid: tenantId,
    aggregateversion: version,
    actortype: actor?.type ?? 'user',
    actorid: actor?.id ?? randomUUID(),
    clientip: '192.0.2.7',
    useragent: 'a browser',
    requestid: randomUUID(),
    data,
  };
  return { id, exchange: 'ironforge.events', routingKey: type, body };
}

async function startInProcess(config: Config, log: Logger): Promise<Audit> {
  await using stack = new AsyncDisposableStack();
  const store = stack.use(createStore({ url: config.DATABASE_URL, log, pool: { min: 0, max: 8 } }));
  const bus = stack.use(await createBus({ url: config.AMQP_URL, instance: 'audit', log }));
  const ledger = stack.use(openLedger(config, store));
  const metrics = createMetrics('audit');
  const clock = () => new Date();
  const call = callNeighbours(config, clock);
  const deps = { store, bus, call, log, ledger, metrics, clock, newId: randomUUID };
  const audit = stack.use(await startAudit(config, deps));
  const running = stack.move();
  return { url: audit.url, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

function spawnService(stack: AsyncDisposableStack, environment: Environment): ServiceProcess {
  const env = { ...process.env, ...environment };
  const child = spawnBound(process.execPath, [new URL('main.ts', import.meta.url).pathname], { env });
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  stack.defer(kill);
  return { kill };
}

function environmentOf(): Record<string, string> {
  return {
    PORT: '0',
    NODE_ENV: 'test',
    LOG_LEVEL: 'warn',
    AMQP_MANAGEMENT_URL: partUrl('AMQP_MANAGEMENT_URL'),
    INTERNAL_SIGNING_KEY: JSON.stringify(SERVICE_KEYS.audit),
    INTERNAL_JWKS: publicHalves(),
    AUDIT_SIGNING_KEY: JSON.stringify(newServiceKey('audit-log')),
    AUDIT_ORIGIN: 'test.example/audit',
  };
}

/** What the keys of copied texts are kept by. */
export const COPY_KEY = randomBytes(32).toString('hex');

/** The variables of the run's own server must not reach a service that is to have none. */
function immudbEnvironment(immudb: TestImmudb | null): Record<string, string> {
  if (immudb === null) return { IMMUDB_URL: '', IMMUDB_PUBLIC_KEY: '' };
  return {
    IMMUDB_URL: formatImmudbUrl(immudb),
    IMMUDB_PUBLIC_KEY: immudb.serverPublicKey,
    AUDIT_COPY_KEY: COPY_KEY,
  };
}

async function entriesOf(database: TestDatabase, tenantId: TenantId): Promise<EntryRow[]> {
  const rows = await database.query(
    `SELECT id, sequence::FLOAT8, event_id, aggregate, aggregate_version, type, canonical
     FROM audit_entries WHERE tenant_id = $1 ORDER BY sequence NULLS LAST`,
    [tenantId],
  );
  return rows as unknown as EntryRow[];
}
