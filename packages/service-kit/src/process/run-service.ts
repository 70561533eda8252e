import { flushCompileCache } from 'node:module';
import { type Logger, STOPS_WITHIN_MS } from '@ironforge/kernel';
import { collectWhenIdle } from './collect-when-idle.ts';

/**
 * Starts a service and keeps the process until SIGTERM or SIGINT, then disposes it (at most 20 s);
 * a signal that comes before it has started ends the process at once.
 * Exit codes: 0 stopped as asked; 1 could not start, could not stop, or met a bug.
 */
export async function runService(start: () => Promise<AsyncDisposable>, log: Logger): Promise<void> {
  exitOnBugs(log);
  const stop = firstSignal();
  const service = await Promise.race([startOrExit(start, log), stop]);
  if (typeof service === 'string') return leave(service, log);
  collectWhenIdle();
  keepCompiledCode();
  const signal = await stop;
  log.info({ signal }, 'stopping');
  setTimeout(() => exit(1), STOPS_WITHIN_MS.service).unref();
  await stopOrExit(service, log);
  log.info({}, 'stopped');
  exit(0);
}

/** What has started so far is nobody's yet who could end it in order; whoever holds connections to us is told by their end. */
function leave(signal: string, log: Logger): never {
  log.info({ signal }, 'stopping, before the start has ended');
  exit(0);
}

async function firstSignal(): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => resolve(signal));
  return await promise;
}

function exitOnBugs(log: Logger): void {
  for (const event of ['uncaughtException', 'unhandledRejection']) {
    process.on(event, (err: unknown) => {
      log.error({ err }, `the process met a bug: ${event}`);
      exit(1);
    });
  }
}

async function startOrExit(start: () => Promise<AsyncDisposable>, log: Logger): Promise<AsyncDisposable> {
  try {
    return await start();
  } catch (err) {
    log.error({ err }, 'the service cannot start');
    return exit(1);
  }
}

/**
 * Node writes what it compiled when a process ends in order; one that is killed would compile, and hold, all of it again at
 * its next start. Nothing where no cache is kept (`NODE_COMPILE_CACHE`).
 */
function keepCompiledCode(): void {
  flushCompileCache();
}

async function stopOrExit(service: AsyncDisposable, log: Logger): Promise<void> {
  try {
    await service[Symbol.asyncDispose]();
  } catch (err) {
    log.error({ err }, 'the service cannot stop in order');
    exit(1);
  }
}

function exit(code: number): never {
  process.exit(code);
}
