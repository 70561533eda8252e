import type { Context } from '../context.ts';
import type { Stack } from './open-stack.ts';

/** A stack whose services run, and who is to hear of it. */
export interface Running {
  readonly stack: Pick<Stack, 'stop'>;
  readonly ready: () => Promise<void>;
  readonly say: Context['say'];
}

/** Tells that a stack is ready and lets it run until the signal is raised; stops it then, and also when it cannot be told. */
export async function runUntil(signal: AbortSignal, { stack, ready, say }: Running): Promise<void> {
  try {
    await ready();
    await raised(signal);
    say('Stopping');
  } finally {
    await stack.stop();
  }
}

// The timer keeps the process alive: the supervised processes do not when they are between two lives.
async function raised(signal: AbortSignal): Promise<void> {
  const timer = setInterval(() => undefined, 60_000);
  if (!signal.aborted)
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  clearInterval(timer);
}
