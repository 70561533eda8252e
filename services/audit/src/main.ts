import { randomUUID } from 'node:crypto';
import { createBus } from '@ironforge/bus';
import { assertMigrated } from '@ironforge/schema';
import { createLogger, createMetrics, logLevelOf, runService } from '@ironforge/service-kit';
import { createStore } from '@ironforge/store';
import { startAudit } from './app.ts';
import { callNeighbours } from './call-neighbours.ts';
import { parseConfig } from './config.ts';
import { openLedger } from './copy/open-ledger.ts';

const log = createLogger({ service: 'audit', level: logLevelOf(process.env) });

await runService(async () => {
  const config = parseConfig(process.env);
  await assertMigrated(config.DATABASE_URL);
  await using stack = new AsyncDisposableStack();
  const store = stack.use(createStore({ url: config.DATABASE_URL, log }));
  const bus = stack.use(await createBus({ url: config.AMQP_URL, instance: 'audit', log }));
  const ledger = stack.use(openLedger(config, store));
  const clock = () => new Date();
  const call = callNeighbours(config, clock);
  const deps = { store, bus, call, log, ledger, clock, newId: randomUUID, metrics: createMetrics('audit') };
  stack.use(await startAudit(config, deps));
  return stack.move();
}, log);
