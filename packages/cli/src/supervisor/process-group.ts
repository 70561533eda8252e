import { setTimeout as sleep } from 'node:timers/promises';
import { hasSystemCode } from '../json-file.ts';

/** Signals every process of a group; false when the group is empty. */
export function signalGroup(leader: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-leader, signal);
    return true;
  } catch (error) {
    if (hasSystemCode(error, 'ESRCH')) return false;
    if (hasSystemCode(error, 'EPERM')) return true;
    throw error;
  }
}

/** Waits until the group is empty; false when it is not after `withinMs`. */
export async function groupIsGone(leader: number, withinMs: number): Promise<boolean> {
  const until = Date.now() + withinMs;
  while (signalGroup(leader, 0)) {
    if (Date.now() > until) return false;
    await sleep(20);
  }
  return true;
}

/** Asks a group to stop, then ends what is left of it after `withinMs`. */
export async function stopGroup(leader: number, signal: NodeJS.Signals, withinMs: number): Promise<void> {
  if (!signalGroup(leader, signal)) return;
  if (await groupIsGone(leader, withinMs)) return;
  signalGroup(leader, 'SIGKILL');
  await groupIsGone(leader, 2_000);
}
