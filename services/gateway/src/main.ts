import { createCache } from '@ironforge/cache';
import { createLogger, logLevelOf, runService } from '@ironforge/service-kit';
import { startGateway } from './app.ts';
import { parseConfig } from './config.ts';

const log = createLogger({ service: 'gateway', level: logLevelOf(process.env) });

async function start(): Promise<AsyncDisposable> {
  const config = parseConfig(process.env);
  await using parts = new AsyncDisposableStack();
  const cache = parts.use(await createCache({ url: config.REDIS_URL, log }));
  parts.use(await startGateway(config, { cache, log, clock: () => new Date() }));
  return parts.move();
}

await runService(start, log);
