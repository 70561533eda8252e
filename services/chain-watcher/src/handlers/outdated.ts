import { reasonToPostpone } from '@ironforge/bus';
import type { CommandType } from '@ironforge/contracts';
import type { Command } from '@ironforge/service-kit';
import type { WatcherDeps } from '../deps.ts';
import type { SendOutcome } from '../messages.ts';
import { isNewestCommand } from '../queries/watch-attempts.ts';
import { type Sending, send } from './send-bytes.ts';

/**
 * Sends signed bytes, or says that the command is not the newest to send them, where it would have to wait: whoever wants
 * them sent asks again and again, and while a node is away each of these commands would go round for itself. The newest waits.
 */
export async function sendUnlessOutdated(
  deps: WatcherDeps,
  sending: Sending,
): Promise<SendOutcome | 'outdated'> {
  try {
    return await send(deps, sending);
  } catch (error) {
    if (reasonToPostpone(error) === null || (await isNewest(deps, sending))) throw error;
    return 'outdated';
  }
}

async function isNewest({ store }: WatcherDeps, { command }: Sending): Promise<boolean> {
  const { attemptId } = command.data;
  const newest = placeInTime(command);
  return await store.system('chain_watcher').read((tx) => isNewestCommand(tx, { attemptId, newest }));
}

/** Where a command stands among all that want the same: any order does, as long as everybody has the same. */
export function placeInTime({ time, id }: Pick<Command<CommandType>, 'time' | 'id'>): string {
  return `${time} ${id}`;
}
