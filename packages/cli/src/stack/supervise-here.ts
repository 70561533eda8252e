import type { Context } from '../context.ts';
import { endSignal } from './end-signal.ts';
import { openStack } from './open-stack.ts';
import { runUntil } from './run-until.ts';

/**
 * Starts the whole installation in this process and keeps it alive until SIGINT or SIGTERM, then stops it in order.
 * False when another supervisor has it.
 */
export async function superviseHere(context: Context, ready: () => Promise<void>): Promise<boolean> {
  using ended = endSignal();
  const stack = await openStack(context, ended.signal);
  if (stack === null) return false;
  await stack.startServices();
  await runUntil(ended.signal, { stack, ready, say: context.say });
  return true;
}
