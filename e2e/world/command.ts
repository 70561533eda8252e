import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';

const MAIN = resolve(import.meta.dirname, '../../packages/cli/src/main.ts');

/** What a command printed, what it said to a person, and the code that it ended with. */
export interface Ended {
  readonly exitCode: number | null;
  readonly printed: string;
  readonly said: string;
}

/** Runs `ironforge` as a person would, on the installation that `IRONFORGE_HOME` names. */
export async function ironforge(...args: readonly string[]): Promise<Ended> {
  const child = start(...args);
  const output = [text(child.stdout), text(child.stderr)] as const;
  const [printed, said] = await Promise.all([...output, once(child, 'exit')]);
  return { exitCode: child.exitCode, printed: printed.trim(), said: said.trim() };
}

/** The same while it runs. */
export function start(...args: readonly string[]) {
  const options = ['--disable-warning=ExperimentalWarning', MAIN, ...args];
  return spawn(process.execPath, options, { stdio: ['ignore', 'pipe', 'pipe'] });
}
