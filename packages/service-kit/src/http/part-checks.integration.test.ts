import { createBus } from '@ironforge/bus';
import { createStore } from '@ironforge/store';
import {
  createCollectingLogger,
  createFaultProxy,
  createTestDatabase,
  createTestVhost,
  waitUntil,
} from '@ironforge/testing';
import { expect, it } from 'vitest';
import { brokerCheck, databaseCheck } from './part-checks.ts';

const log = createCollectingLogger();
const down = { code: 'dependency_down' };

it('a broker is ready while it is there, not while it is away, and again when it is back', async () => {
  await using vhost = await createTestVhost();
  await using line = await createFaultProxy(vhost.amqpUrl);
  await using bus = await createBus({ url: line.urlFor(vhost.amqpUrl), instance: 'checked', log });
  const check = brokerCheck(bus);
  await check();
  line.refuse();
  await waitUntil('the loss', () => !bus.state().connected);
  await expect(check()).rejects.toMatchObject(down);
  line.heal();
  await waitUntil('the return', () => bus.state().connected);
  await check();
});

it('a database is ready while it is there, not while it is away, and again when it is back', async () => {
  await using database = await createTestDatabase();
  await using line = await createFaultProxy(database.url);
  await using store = createStore({ url: line.urlFor(database.url), log, pool: { min: 0, max: 2 } });
  const check = databaseCheck(store);
  await check();
  line.refuse();
  await expect(check()).rejects.toMatchObject(down);
  line.heal();
  await check();
});
