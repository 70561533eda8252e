import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join as joinPath } from 'node:path';
import { type AppError, present } from '@ironforge/kernel';
import type { Context } from '../context.ts';
import { isHeld } from '../supervisor/hold.ts';
import { lastLines } from '../supervisor/last-lines.ts';
import { readState, type State } from '../supervisor/state-file.ts';
import { trouble } from '../trouble.ts';
import { follow } from './follow.ts';
import { join } from './join.ts';
import { endSignal } from './end-signal.ts';

/** Starts a supervisor that outlives this process and waits until the installation is ready; joins one that runs. */
export async function startDetached(context: Context): Promise<void> {
  if (await isHeld(context.home)) return join(context);
  const logFile = joinPath(context.home.log, 'supervisor.log');
  const child = spawnSupervisor(context, logFile);
  const pid = present(child.pid, 'pid of the supervisor');
  const state = (): State | null => ofSupervisor(pid, readState(context.home));
  const ended = async () =>
    child.exitCode === null && child.signalCode === null ? null : endedAtOnce(logFile);
  using interrupted = endSignal();
  interrupted.signal.addEventListener('abort', () => child.kill('SIGTERM'));
  await follow(context, { state, ended, heard: 0 });
  child.unref();
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
