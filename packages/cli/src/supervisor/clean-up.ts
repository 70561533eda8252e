import { isStillRunning } from './identity.ts';
import { stopGroup } from './process-group.ts';
import type { PartState, State } from './state-file.ts';

const STOP_WITHIN_MS = 5_000;

/** Stops what a supervisor that was killed left running, services before servers; gives the names of what it stopped. */
export async function cleanUp(state: State | null): Promise<readonly string[]> {
  const left = (state?.parts ?? []).filter((part) => part.identity !== null && isStillRunning(part.identity));
  await stopAll(left.filter((part) => part.kind === 'service'));
  await stopAll(left.filter((part) => part.kind === 'server'));
  return left.map((part) => part.name);
}

async function stopAll(parts: readonly PartState[]): Promise<void> {
  await Promise.all(
    parts.map(async ({ identity, stopSignal }) => {
      if (identity !== null) await stopGroup(identity.pid, stopSignal, STOP_WITHIN_MS);
    }),
  );
}
