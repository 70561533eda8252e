import { setTimeout as sleep } from 'node:timers/promises';
import type { AppError } from '@ironforge/kernel';
import type { Home } from '../home.ts';
import { cleanUp } from '../supervisor/clean-up.ts';
import { isHeld } from '../supervisor/hold.ts';
import { canIdentify, isStillRunning, type ProcessIdentity } from '../supervisor/identity.ts';
import { readState, writeState } from '../supervisor/state-file.ts';
import { trouble } from '../trouble.ts';

const WITHIN_MS = 60_000;

/** Stops the running installation, or what a killed one left; false when there was nothing to stop. */
export async function stopStack(home: Home): Promise<boolean> {
  const supervisor = await runningSupervisor(home);
  if (supervisor !== null) {
    process.kill(supervisor.pid, 'SIGTERM');
    await untilReleased(home);
    // One that ended before it had stopped everything leaves what it wrote last.
    await cleanUp(readState(home));
    return true;
  }
  const state = readState(home);
  const left = await cleanUp(state);
  if (state !== null) writeState(home, { ...state, phase: 'stopped', parts: [], connection: null });
  return left.length > 0;
}

/**
 * Who has the installation, once he has written so: until then the file names one who has ended, and whose number may be a stranger's
 * by now. Null when nobody has it.
 */
async function runningSupervisor(home: Home): Promise<ProcessIdentity | null> {
  const until = Date.now() + WITHIN_MS;
  while (await isHeld(home)) {
    const supervisor = readState(home)?.supervisor;
    if (supervisor !== undefined && (isStillRunning(supervisor) || !canIdentify())) return supervisor;
    if (Date.now() > until) throw stillRunning();
    await sleep(50);
  }
  return null;
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
