import { randomUUID } from 'node:crypto';
import { type Bus, createBus } from '@ironforge/bus';
import { branded, type TenantId } from '@ironforge/kernel';
import { createStore, type Store, type Tx } from '@ironforge/store';
import {
  type CollectingLogger,
  createCollectingLogger,
  createFaultProxy,
  createTestDatabase,
  createTestVhost,
  type FaultProxy,
  type TestDatabase,
  type TestVhost,
} from '@ironforge/testing';
import { createEventMaker, type EventMaker } from '../events/create-event-maker.ts';

/** A broker, and a database behind a proxy that can fail. */
export interface TestParts extends AsyncDisposable {
  readonly bus: Bus;
  readonly store: Store;
  readonly database: TestDatabase;
  readonly line: FaultProxy;
  readonly vhost: TestVhost;
  readonly log: CollectingLogger;
}

/** The tenant of the tests. */
export const TENANT = branded<TenantId>('5b0f3a52-6f0a-4a6e-9d1b-0a1b2c3d4e5f');

/** Makes events and commands as any service would. */
export const maker: EventMaker = createEventMaker({
  service: 'test',
  clock: () => new Date(),
  newId: randomUUID,
});

/** Opens parts of the caller's own. */
export async function openParts(): Promise<TestParts> {
  await using parts = new AsyncDisposableStack();
  const database = parts.use(await createTestDatabase());
  const line = parts.use(await createFaultProxy(database.url));
  const vhost = parts.use(await createTestVhost());
  const log = createCollectingLogger();
  const store = parts.use(createStore({ url: line.urlFor(database.url), log, pool: { min: 0, max: 4 } }));
  const bus = parts.use(await createBus({ url: vhost.amqpUrl, instance: 'kit-test', log }));
  const owned = parts.move();
  return {
    bus,
    store,
    database,
    line,
    vhost,
    log,
    [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
  };
}

/** An effect that every transaction can have: one more row of the tenant. */
export async function addRow(tx: Tx): Promise<void> {
  await tx('idempotency_keys').insert({
    tenant_id: TENANT,
    principal_id: TENANT,
    route: 'effect',
    key: randomUUID(),
    body_hash: '',
  });
}

/** How often that effect has happened. */
export async function countRows(database: TestDatabase): Promise<number> {
  const rows = await database.query(`SELECT 1 FROM idempotency_keys WHERE route = 'effect'`);
  return rows.length;
}
