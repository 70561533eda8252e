import type { Context } from '../context.ts';
import type { Home } from '../home.ts';
import { isHeld } from '../supervisor/hold.ts';
import { canIdentify, isStillRunning } from '../supervisor/identity.ts';
import { readState, type State } from '../supervisor/state-file.ts';
import { trouble } from '../trouble.ts';
import { follow } from './follow.ts';

/** Waits until the installation that another process starts or keeps is ready. */
export async function join(context: Context): Promise<void> {
  const { home, say } = context;
  say('IronForge runs already; joining it');
  const state = stateOfNow(home);
  const heard = state()?.lines.length ?? 0;
  const ended = async () =>
    (await isHeld(home))
      ? null
      : trouble('start_failed', 'The other start ended: look at ./ironforge status');
  await follow(context, { state, ended, heard });
}

/** Whoever has just begun has the installation before it writes: what the file then says is of one that ended long ago. */
function stateOfNow(home: Home): () => State | null {
  const first = readState(home)?.supervisor;
  if (first === undefined || !canIdentify() || isStillRunning(first)) return () => readState(home);
  return () => {
    const state = readState(home);
    const isOfNow = state?.supervisor.pid !== first.pid || state.supervisor.startedAt !== first.startedAt;
    return isOfNow ? state : null;
  };
}
