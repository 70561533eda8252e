import { join } from 'node:path';
import type { Home } from '../home.ts';
import { refuseTakenPorts } from '../ports.ts';
import { trouble } from '../trouble.ts';
import { type Kept, type KeptState, keepAlive } from './keep-alive.ts';
import type { Program } from './program.ts';
import { untilReady } from './until-ready.ts';

/** Keeps a set of programs alive, servers and services. */
export interface Supervisor {
  /** Starts programs side by side and waits until each answers. */
  readonly start: (programs: readonly Program[]) => Promise<void>;
  readonly states: () => readonly KeptState[];
  /** Stops everything: services first, since they still write to the servers. */
  readonly stop: () => Promise<void>;
}

/** What a supervisor needs; the signal ends a start in its middle. */
export interface SupervisorDeps {
  readonly home: Home;
  readonly env: NodeJS.ProcessEnv;
  readonly say: (line: string) => void;
  readonly onChange: () => void;
  readonly signal: AbortSignal;
}

const READY_WITHIN_MS = 120_000;

/** A supervisor without programs yet. */
export function createSupervisor(deps: SupervisorDeps): Supervisor {
  const all: Kept[] = [];
  const starting = new Set<Promise<void>>();
  const ending = new AbortController();
  const signal = AbortSignal.any([deps.signal, ending.signal]);
  const startOne = async (program: Program, halt: AbortSignal): Promise<void> => {
    halt.throwIfAborted();
    await refuseTakenPorts(deps.home, program.ports);
    const kept = await keepAlive(program, {
      logFile: join(deps.home.log, `${program.name}.log`),
      env: basicEnv(deps.env),
      onChange: deps.onChange,
    });
    all.push(kept);
    deps.onChange();
    await untilReady(kept, { say: deps.say, signal: halt, withinMs: READY_WITHIN_MS, folder: deps.home.dir });
    deps.say(`${program.name} is ready`);
  };
  return {
    start: async (programs) => {
      const start = sideBySide(programs, startOne, signal);
      starting.add(start);
      await start.finally(() => starting.delete(start));
    },
    states: () => all.map((kept) => kept.state()),
    stop: async () => {
      // What is still starting is waited for, or it would outlive the stop.
      ending.abort(trouble('interrupted', 'Stopped while starting'));
      await Promise.allSettled(starting);
      await stopKind(all, 'service');
      await stopKind(all, 'server');
    },
  };
}

// The first fault ends the waiting for the siblings, and is thrown once they have settled: a stop then finds every process.
async function sideBySide(
  programs: readonly Program[],
  startOne: (program: Program, signal: AbortSignal) => Promise<void>,
  outer: AbortSignal,
): Promise<void> {
  const halt = new AbortController();
  const signal = AbortSignal.any([outer, halt.signal]);
  await Promise.all(
    programs.map((program) => startOne(program, signal).catch((error: unknown) => halt.abort(error))),
  );
  signal.throwIfAborted();
}

function basicEnv(env: NodeJS.ProcessEnv): Record<string, string> {
  const { PATH = '', HOME = '/', TZ } = env;
  return { PATH, HOME, LANG: 'C.UTF-8', ...(TZ === undefined ? {} : { TZ }) };
}

async function stopKind(all: readonly Kept[], kind: Program['kind']): Promise<void> {
  await Promise.all(all.filter((kept) => kept.state().program.kind === kind).map((kept) => kept.stop()));
}
