import type { Context } from '../context.ts';
import { isHeld } from '../supervisor/hold.ts';
import { readState } from '../supervisor/state-file.ts';
import { trouble } from '../trouble.ts';
import { follow } from './follow.ts';

/** Waits until the installation that another process starts or keeps is ready. */
export async function join(context: Context): Promise<void> {
  const { home, say } = context;
  say('IronForge runs already; joining it');
  const heard = readState(home)?.lines.length ?? 0;
  const ended = async () =>
    (await isHeld(home))
      ? null
      : trouble('start_failed', 'The other start ended: look at ./ironforge status');
  await follow(context, { state: () => readState(home), ended, heard });
}
