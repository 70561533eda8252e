import { createLogger } from '../observe/create-logger.ts';
import { runService } from './run-service.ts';

/** A program that starts, fails or stops as its first argument says. */
const log = createLogger({ service: 'test', level: 'info' });

async function start(): Promise<AsyncDisposable> {
  if (process.argv[2] === 'cannot-start') throw new Error('no database');
  const timer = setInterval(() => {}, 1_000);
  log.info({}, 'begun');
  if (process.argv[2] === 'starts-for-ever') await new Promise(() => undefined);
  if (process.argv[2] === 'bug') setTimeout(() => void Promise.reject(new Error('forgotten')), 10);
  log.info({}, 'started');
  return {
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      if (process.argv[2] === 'cannot-stop') throw new Error('stuck');
      log.info({}, 'in order');
    },
  };
}

await runService(start, log);
