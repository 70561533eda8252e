import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { STOPS_WITHIN_MS } from '@ironforge/kernel';
import { identify, type ProcessIdentity } from './identity.ts';
import { groupIsGone, signalGroup, stopGroup } from './process-group.ts';
import type { Program } from './program.ts';

/** What is known of a kept program; `restarts` counts the starts after the first. */
export interface KeptState {
  readonly program: Program;
  readonly identity: ProcessIdentity | null;
  readonly restarts: number;
  readonly logFile: string;
}

/** A program that is kept alive. */
export interface Kept {
  readonly state: () => KeptState;
  /** Stops the program and everything it started; afterwards it is not started again. */
  readonly stop: () => Promise<void>;
}

/** Where a kept program writes, what it inherits, and who hears of its births and deaths. */
export interface KeepAliveDeps {
  readonly logFile: string;
  readonly env: Readonly<Record<string, string>>;
  readonly onChange: () => void;
}

const RESTART_DELAY_MS = 50;
const RESTART_DELAY_AFTER_SHORT_LIFE_MS = 300;
const SHORT_LIFE_MS = 1_000;

/** Starts a program and starts it again, within a second, whenever it ends by itself; throws what its first `prepare` throws. */
export async function keepAlive(program: Program, deps: KeepAliveDeps): Promise<Kept> {
  const stopping = new AbortController();
  let identity: ProcessIdentity | null = null;
  let restarts = 0;

  const liveOnce = async (): Promise<void> => {
    const child = spawnProgram(program, deps);
    const ended = hasEnded(child);
    identity = child.pid === undefined ? null : identify(child.pid);
    deps.onChange();
    await ended;
    if (child.pid !== undefined) await endGroup(child.pid);
    identity = null;
  };

  const liveOn = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const startedAt = Date.now();
      await liveOnce().catch((error: unknown) => note(deps.logFile, error));
      await pause(Date.now() - startedAt, stopping.signal);
      if (stopping.signal.aborted) return;
      restarts += 1;
      await prepareAgain(program, deps.logFile);
    }
  };

  await program.prepare();
  const living = liveOn();
  return {
    state: () => ({ program, identity, restarts, logFile: deps.logFile }),
    stop: async () => {
      stopping.abort();
      if (identity !== null) await stopGroup(identity.pid, program.stopSignal, STOPS_WITHIN_MS.program);
      await living;
    },
  };
}

// Each program leads a session and a process group of its own: Ctrl-C reaches the supervisor alone, which stops all in order.
function spawnProgram(program: Program, deps: KeepAliveDeps): ChildProcess {
  mkdirSync(dirname(deps.logFile), { recursive: true }); // whoever tidies up may have taken it away
  const log = openSync(deps.logFile, 'a', 0o600);
  try {
    return spawn(program.command, program.args, {
      detached: true,
      stdio: ['ignore', log, log],
      env: { ...deps.env, ...program.env, ...program.overrides?.() },
    });
  } finally {
    closeSync(log);
  }
}

function hasEnded(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  });
}

// What a dead program leaves behind would hold its port or its data.
async function endGroup(leader: number): Promise<void> {
  signalGroup(leader, 'SIGKILL');
  await groupIsGone(leader, 500);
}

// A restart never gives up: what keeps it from starting goes to its log, and the next try follows.
async function prepareAgain(program: Program, logFile: string): Promise<void> {
  try {
    await program.prepare();
  } catch (error) {
    note(logFile, error);
  }
}

function note(logFile: string, error: unknown): void {
  try {
    appendFileSync(logFile, `${error instanceof Error ? error.message : String(error)}\n`);
  } catch {
    // The full disk that the line may speak of can keep it from being written.
  }
}

async function pause(livedMs: number, signal: AbortSignal): Promise<void> {
  const delayMs = livedMs < SHORT_LIFE_MS ? RESTART_DELAY_AFTER_SHORT_LIFE_MS : RESTART_DELAY_MS;
  await sleep(delayMs, undefined, { signal }).catch(() => undefined);
}
