import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join as joinPath } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type AppError, present } from '@ironforge/kernel';
import type { Context } from '../context.ts';
import type { Home } from '../home.ts';
import { isHeld } from '../supervisor/hold.ts';
import { isStillRunning } from '../supervisor/identity.ts';
import { lastLines } from '../supervisor/last-lines.ts';
import { readState, type State } from '../supervisor/state-file.ts';
import { trouble } from '../trouble.ts';
import { follow } from './follow.ts';
import { join } from './join.ts';
import { endSignal } from './end-signal.ts';

/** Starts a supervisor that outlives this process and waits until the installation is ready; joins one that runs. */
export async function startDetached(context: Context): Promise<void> {
  if ((await isHeld(context.home)) || !(await startOwn(context))) await join(context);
}

/** False when another supervisor, which was started in the same moment, has the installation. */
async function startOwn(context: Context): Promise<boolean> {
  const logFile = joinPath(context.home.log, 'supervisor.log');
  const child = spawnSupervisor(context, logFile);
  const pid = present(child.pid, 'pid of the supervisor');
  const state = (): State | null => ofSupervisor(pid, readState(context.home));
  const ended = async () =>
    child.exitCode === null && child.signalCode === null ? null : endedAtOnce(logFile);
  using interrupted = endSignal();
  interrupted.signal.addEventListener('abort', () => child.kill('SIGTERM'));
  const isOurs = !(await isOutrun(context.home, child));
  if (isOurs) await follow(context, { state, ended, heard: 0 });
  // Left alone it would start everything again if the other ended before it had looked.
  else child.kill('SIGTERM');
  child.unref();
  return isOurs;
}

const LOOK_EVERY_MS = 50;

/** Waits until it is known who has the installation. One that does not get it joins the other, and ends well. */
async function isOutrun(home: Home, child: ChildProcess): Promise<boolean> {
  while (child.exitCode === null && child.signalCode === null) {
    const state = readState(home);
    if (state?.supervisor.pid === child.pid) return false;
    if (state !== null && isAtWork(state)) return true;
    await sleep(LOOK_EVERY_MS);
  }
  return child.exitCode === 0;
}

function isAtWork({ phase, supervisor }: State): boolean {
  return (phase === 'starting' || phase === 'ready') && isStillRunning(supervisor);
}

function ofSupervisor(pid: number, state: State | null): State | null {
  return state?.supervisor.pid === pid ? state : null;
}

function endedAtOnce(logFile: string): AppError {
  const words = lastLines(logFile, 1).replace(/^ironforge: /, '');
  return trouble('start_failed', words || `The supervisor ended at once (${logFile})`);
}

function spawnSupervisor({ home, env }: Context, logFile: string): ReturnType<typeof spawn> {
  mkdirSync(home.log, { recursive: true });
  const log = openSync(logFile, 'a', 0o600);
  const args = [
    '--disable-warning=ExperimentalWarning',
    joinPath(import.meta.dirname, '..', 'main.ts'),
    'up',
  ];
  try {
    return spawn(process.execPath, args, { detached: true, stdio: ['ignore', log, log], env });
  } finally {
    closeSync(log);
  }
}
