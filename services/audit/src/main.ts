import { randomUUID } from 'node:crypto';
import { createBus } from '@ironforge/bus';
import { assertMigrated } from '@ironforge/schema';
import {
  createInternalClient,
  createLogger,
  createMetrics,
  createTokenIssuer,
  logLevelOf,
  runService,
} from '@ironforge/service-kit';
import { createStore } from '@ironforge/store';
import { startAudit } from './app.ts';
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
  const call = createInternalClient({
    service: 'audit',
    urls: { identity: config.IDENTITY_URL },
    issueToken: createTokenIssuer(config.INTERNAL_SIGNING_KEY, clock),
  });
  const deps = { store, bus, call, log, ledger, clock, newId: randomUUID, metrics: createMetrics('audit') };
  stack.use(await startAudit(config, deps));
  return stack.move();
}, log);
