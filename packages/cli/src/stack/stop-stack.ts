import { setTimeout as sleep } from 'node:timers/promises';
import type { AppError } from '@ironforge/kernel';
import type { Home } from '../home.ts';
import { cleanUp } from '../supervisor/clean-up.ts';
import { isHeld } from '../supervisor/hold.ts';
import { readState, writeState } from '../supervisor/state-file.ts';
import { trouble } from '../trouble.ts';

const WITHIN_MS = 60_000;

/** Stops the running installation, or what a killed one left; false when there was nothing to stop. */
export async function stopStack(home: Home): Promise<boolean> {
  const state = readState(home);
  if (state !== null && (await isHeld(home))) {
    process.kill(state.supervisor.pid, 'SIGTERM');
    await untilReleased(home);
    // One that ended before it had stopped everything leaves what it wrote last.
    await cleanUp(readState(home));
    return true;
  }
  const left = await cleanUp(state);
  if (state !== null) writeState(home, { ...state, phase: 'stopped', parts: [], connection: null });
  return left.length > 0;
}

async function untilReleased(home: Home): Promise<void> {
  const until = Date.now() + WITHIN_MS;
  while (await isHeld(home)) {
    if (Date.now() > until) throw stillRunning();
    await sleep(50);
  }
}

function stillRunning(): AppError {
  return trouble(
    'failed',
    `The supervisor did not stop within ${WITHIN_MS / 1_000} s: see ./ironforge status and its log`,
  );
}
