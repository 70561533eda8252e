import { randomUUID } from 'node:crypto';
import { createBus } from '@ironforge/bus';
import { createCache } from '@ironforge/cache';
import { assertMigrated } from '@ironforge/schema';
import { createLogger, createMetrics, logLevelOf, runService } from '@ironforge/service-kit';
import { createStore } from '@ironforge/store';
import { startChainWatcher } from './app.ts';
import { parseConfig } from './config.ts';

const log = createLogger({ service: 'chain-watcher', level: logLevelOf(process.env) });

await runService(async () => {
  const config = parseConfig(process.env);
  await assertMigrated(config.DATABASE_URL);
  await using stack = new AsyncDisposableStack();
  const store = stack.use(createStore({ url: config.DATABASE_URL, log }));
  const bus = stack.use(await createBus({ url: config.AMQP_URL, instance: 'chain-watcher', log }));
  const cache = stack.use(await createCache({ url: config.REDIS_URL, log }));
  const clock = () => new Date();
  const deps = { store, bus, cache, log, clock, newId: randomUUID, metrics: createMetrics('chain-watcher') };
  stack.use(await startChainWatcher(config, deps));
  return stack.move();
}, log);
