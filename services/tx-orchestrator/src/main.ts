import { randomUUID } from 'node:crypto';
import { createBus } from '@ironforge/bus';
import { createCache } from '@ironforge/cache';
import { assertMigrated } from '@ironforge/schema';
import { createLogger, createMetrics, logLevelOf, runService } from '@ironforge/service-kit';
import { createStore } from '@ironforge/store';
import { startOrchestrator } from './app.ts';
import { parseConfig } from './config.ts';

const SERVICE = 'tx-orchestrator';
const log = createLogger({ service: SERVICE, level: logLevelOf(process.env) });

await runService(async () => {
  const config = parseConfig(process.env);
  await assertMigrated(config.DATABASE_URL);
  await using stack = new AsyncDisposableStack();
  const store = stack.use(createStore({ url: config.DATABASE_URL, log }));
  const bus = stack.use(await createBus({ url: config.AMQP_URL, instance: SERVICE, log }));
  const locks = stack.use(await createCache({ url: config.REDIS_URL, log }));
  const clock = () => new Date();
  const parts = { store, bus, locks, log, clock, newId: randomUUID, metrics: createMetrics(SERVICE) };
  stack.use(await startOrchestrator(config, parts));
  return stack.move();
}, log);
