import type { Context } from '../context.ts';
import { endSignal } from './end-signal.ts';
import { openStack } from './open-stack.ts';

/**
 * Starts the whole installation in this process and keeps it alive until SIGINT or SIGTERM, then stops it in order.
 * False when another supervisor has it.
 */
export async function superviseHere(context: Context, ready: () => Promise<void>): Promise<boolean> {
  using ended = endSignal();
  const stack = await openStack(context, ended.signal);
  if (stack === null) return false;
  await stack.startServices();
  await ready();
  await raised(ended.signal);
  context.say('Stopping');
  await stack.stop();
  return true;
}

// The timer keeps the process alive: the supervised processes do not when they are between two lives.
async function raised(signal: AbortSignal): Promise<void> {
  const timer = setInterval(() => undefined, 60_000);
  if (!signal.aborted)
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  clearInterval(timer);
}
