import { randomUUID } from 'node:crypto';
import { waitUntil } from '@ironforge/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createStoreFixture, newTenant, type StoreFixture } from '../store.fixture.ts';
import { createOutbox } from './create-outbox.ts';

let fixture: StoreFixture;
beforeAll(async () => {
  fixture = await createStoreFixture();
});
afterAll(() => fixture[Symbol.asyncDispose]());

const DAYS = 30;

test('what was published or taken in is removed after its days, and nothing else', async () => {
  const { database, store, log } = fixture;
  const rows = [
    ['old', 'published', DAYS + 1],
    ['young', 'published', DAYS - 1],
    ['waiting', 'pending', DAYS + 1],
  ] as const;
  for (const [name, state, age] of rows) await writeOutbox(name, { service: 'own', state, age });
  await writeOutbox('foreign', { service: 'other', state: 'published', age: DAYS + 1 });
  await writeInbox('old', DAYS + 1);
  await writeInbox('young', DAYS - 1);
  const publisher = { publish: async () => [] };
  await using outbox = createOutbox({ store, service: 'own', publisher, log, retentionDays: DAYS });
  outbox.start();
  await waitUntil('the old ones to be gone', async () => (await database.query(INBOX)).length === 1);
  const left = await database.query('SELECT routing_key FROM outbox ORDER BY routing_key');
  expect(left.map((row) => row['routing_key'])).toEqual(['foreign', 'waiting', 'young']);
  expect(await database.query(INBOX)).toEqual([{ consumer: 'young' }]);
});

test('what is more than one removal takes is removed with the next sweeps', async () => {
  const { database, store, log } = fixture;
  await database.query(`INSERT INTO inbox (consumer, message_id, tenant_id, received_at)
    SELECT 'many', gen_random_uuid(), gen_random_uuid(), now() - ${DAYS + 1} * interval '1 day' FROM generate_series(1, 12000)`);
  const publisher = { publish: async () => [] };
  const options = { store, service: 'own', publisher, log, retentionDays: DAYS };
  await using outbox = createOutbox({ ...options, sweepIntervalMs: 1_000 });
  outbox.start();
  const many = `SELECT count(*)::INT4 AS many FROM inbox WHERE consumer = 'many'`;
  const areGone = async () => (await database.query(many))[0]?.['many'] === 0;
  await waitUntil('all of them to be gone', areGone, { timeoutMs: 45_000 });
});

const INBOX = 'SELECT consumer FROM inbox';

async function writeOutbox(
  name: string,
  { service, state, age }: { readonly service: string; readonly state: string; readonly age: number },
): Promise<void> {
  const times = `now() + interval '1 day', now(), now() - ${age} * interval '1 day'`;
  await fixture.database.query(
    `INSERT INTO outbox (id, tenant_id, service, exchange, routing_key, body, state, claimed_until, created_at, published_at)
     VALUES ($1, $2, $3, 'x', $4, '{}', $5, ${times})`,
    [randomUUID(), newTenant(), service, name, state],
  );
}

async function writeInbox(consumer: string, age: number): Promise<void> {
  await fixture.database.query(
    `INSERT INTO inbox (consumer, message_id, tenant_id, received_at) VALUES ($1, $2, $3, now() - ${age} * interval '1 day')`,
    [consumer, randomUUID(), newTenant()],
  );
}
