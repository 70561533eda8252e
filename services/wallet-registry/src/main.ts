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
import { startWalletRegistry } from './app.ts';
import { parseConfig } from './config.ts';

const service = 'wallet-registry';
const log = createLogger({ service, level: logLevelOf(process.env) });

async function start(): Promise<AsyncDisposable> {
  const config = parseConfig(process.env);
  await assertMigrated(config.DATABASE_URL);
  await using parts = new AsyncDisposableStack();
  const store = parts.use(createStore({ url: config.DATABASE_URL, log }));
  const bus = parts.use(await createBus({ url: config.AMQP_URL, instance: service, log }));
  const clock = () => new Date();
  const issueToken = createTokenIssuer(config.INTERNAL_SIGNING_KEY, clock);
  const urls = {
    identity: config.IDENTITY_URL,
    'tx-orchestrator': config.TX_ORCHESTRATOR_URL,
    'chain-watcher': config.CHAIN_WATCHER_EVM_URL,
  };
  const call = createInternalClient({ service, urls, issueToken });
  const metrics = createMetrics(service);
  parts.use(await startWalletRegistry(config, { store, bus, call, metrics, log, clock, newId: randomUUID }));
  return parts.move();
}

await runService(start, log);
