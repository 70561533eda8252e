import { randomUUID } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from '@ironforge/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Context } from '../context.ts';
import { homeOf } from '../home.ts';
import { run } from '../run.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

async function write(
  name: string,
  { age, written = age }: { age: number; written?: number },
  { service = 'own', exchange = 'x' } = {},
) {
  await database.query(
    `INSERT INTO outbox (id, tenant_id, service, exchange, routing_key, body, state, claimed_until, created_at, published_at)
     VALUES ($1, $1, $2, $4, $3, '{}', 'published', now(), now() - ${written} * interval '1 hour', now() - ${age} * interval '1 hour')`,
    [randomUUID(), service, name, exchange],
  );
}

async function ironforge(...args: string[]) {
  const printed: string[] = [];
  const context: Context = {
    env: { DATABASE_URL: database.url },
    home: homeOf({ IRONFORGE_HOME: '/nonexistent/ironforge' }),
    print: (line) => void printed.push(line),
    say: (line) => void printed.push(line),
    confirm: null,
  };
  return { code: await run(args, context), printed };
}

async function pending(): Promise<unknown[]> {
  const sql = `SELECT routing_key FROM outbox WHERE state = 'pending' AND claimed_until <= now() ORDER BY routing_key`;
  return (await database.query(sql)).map((row) => row['routing_key']);
}

it('publishes again what was published since a time, of one service or all, and nothing that readers forgot', async () => {
  await write('before', { age: 3 });
  await write('after', { age: 1 });
  await write('waited long', { age: 1, written: 48 });
  await write('too old', { age: 1, written: 30 * 24 });
  await write('foreign', { age: 1 }, { service: 'other' });
  const since = new Date(Date.now() - 2 * 3_600_000).toISOString();
  const own = await ironforge('outbox', 'replay', '--since', since, '--service', 'own', '--json');
  expect(own).toEqual({ code: 0, printed: ['{"replayed":2}'] });
  expect(await pending()).toEqual(['after', 'waited long']);
  expect((await ironforge('outbox', 'replay', '--since', since)).printed).toEqual([
    '1 messages are published again',
  ]);
  expect(await pending()).toEqual(['after', 'foreign', 'waited long']);
  expect((await ironforge('outbox', 'replay', '--since', 'yesterday')).code).toBe(2);
});

it('sends no bytes again: payments are found from their own rows, and old bytes would go ahead of new ones', async () => {
  await write('tx_broadcast.evm', { age: 0.1 }, { service: 'commands', exchange: '' });
  await write('balance_update.evm', { age: 0.1 }, { service: 'commands', exchange: '' });
  const since = new Date(Date.now() - 3_600_000).toISOString();
  const { printed } = await ironforge('outbox', 'replay', '--since', since, '--service', 'commands');
  expect(printed).toEqual(['1 messages are published again']);
  expect(await pending()).toContain('balance_update.evm');
  expect(await pending()).not.toContain('tx_broadcast.evm');
});

it('comes to the end of many, each once, though thousands were published at the same moment', async () => {
  await database.query(
    `INSERT INTO outbox (id, tenant_id, service, exchange, routing_key, body, state, claimed_until, created_at, published_at)
     SELECT gen_random_uuid(), gen_random_uuid(), 'many', 'x', 'many', '{}', 'published', now(), now(), now() - (n / 6000) * interval '1 second'
     FROM generate_series(1, 12000) AS n`,
  );
  const since = new Date(Date.now() - 3_600_000).toISOString();
  const { printed } = await ironforge('outbox', 'replay', '--since', since, '--service', 'many');
  expect(printed).toEqual(['12000 messages are published again']);
});
