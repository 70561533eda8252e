import { AppError } from '@ironforge/kernel';
import type { Context } from '../context.ts';
import { identify } from '../supervisor/identity.ts';
import type { KeptState } from '../supervisor/keep-alive.ts';
import { type State, writeState } from '../supervisor/state-file.ts';

/** The supervisor's own account of itself: told to whoever started it, and kept in the state file. */
export interface Record {
  readonly say: (line: string) => void;
  readonly change: (news: Partial<State>) => void;
  readonly parts: (states: readonly KeptState[]) => void;
  readonly fail: (error: unknown) => void;
}

const WRITE_AGAIN_MS = 3_000;
const LAST_PHASES: ReadonlySet<State['phase']> = new Set(['failed', 'stopped']);

/** A record that begins with a start; throws when not even the start can be written. */
export function createRecord({ home, say }: Context): Record {
  let state: State = {
    supervisor: identify(process.pid),
    phase: 'starting',
    problem: null,
    lines: [],
    sources: {},
    parts: [],
    connection: null,
  };
  let later: NodeJS.Timeout | undefined;
  // A full disk must not end the one who starts and stops things: what could not be written is tried again, but for the
  // last word, after which the next supervisor may write.
  const writeOrLater = (): void => {
    clearTimeout(later);
    try {
      writeState(home, state);
    } catch (error) {
      say(`Cannot record the processes yet: ${String(error)}`);
      if (!LAST_PHASES.has(state.phase)) later = setTimeout(writeOrLater, WRITE_AGAIN_MS).unref();
    }
  };
  const change = (news: Partial<State>): void => {
    state = { ...state, ...news };
    writeOrLater();
  };
  writeState(home, state);
  return {
    change,
    say: (line) => {
      say(line);
      change({ lines: [...state.lines, line] });
    },
    parts: (states) => change({ parts: states.map(partState) }),
    fail: (error) => change({ phase: 'failed', parts: [], problem: problemOf(error) }),
  };
}

function partState({ program, identity, restarts, logFile }: KeptState): State['parts'][number] {
  const { name, kind, url, stopSignal } = program;
  return { name, kind, url, stopSignal, identity, restarts, logFile };
}

function problemOf(error: unknown): State['problem'] {
  if (error instanceof AppError) return { code: error.code, detail: error.message };
  return { code: 'failed', detail: String(error) };
}
