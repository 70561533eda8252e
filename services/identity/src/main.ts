import { randomUUID } from 'node:crypto';
import { createBus } from '@ironforge/bus';
import { assertMigrated } from '@ironforge/schema';
import { createLogger, logLevelOf, runService } from '@ironforge/service-kit';
import { createStore } from '@ironforge/store';
import { startIdentity } from './app.ts';
import { parseConfig } from './config.ts';

const log = createLogger({ service: 'identity', level: logLevelOf(process.env) });

async function start(): Promise<AsyncDisposable> {
  const config = parseConfig(process.env);
  await assertMigrated(config.DATABASE_URL);
  await using parts = new AsyncDisposableStack();
  const store = parts.use(createStore({ url: config.DATABASE_URL, log }));
  const bus = parts.use(await createBus({ url: config.AMQP_URL, instance: 'identity', log }));
  const clock = () => new Date();
  parts.use(await startIdentity(config, { store, bus, log, clock, newId: randomUUID }));
  return parts.move();
}

await runService(start, log);
