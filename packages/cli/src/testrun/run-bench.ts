import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '../context.ts';
import { benchHomeOf, type Home } from '../home.ts';
import { writeJson } from '../json-file.ts';
import { endSignal } from '../stack/end-signal.ts';
import { environmentOf } from '../stack/environment.ts';
import { openStack } from '../stack/open-stack.ts';
import { stopStack } from '../stack/stop-stack.ts';
import { isHeld } from '../supervisor/hold.ts';
import { trouble } from '../trouble.ts';
import { ranOn } from './ran-on.ts';

/**
 * What the parts of a bench are started with: statements are counted, a block holds a thousand transfers, and answers are
 * not compared with their contract, as in production.
 */
const BENCH_PARTS = {
  ANSWER_CHECKS: 'off',
  IRONFORGE_POSTGRES_SETTINGS: 'shared_preload_libraries=pg_stat_statements pg_stat_statements.max=50000',
  IRONFORGE_ANVIL_ARGUMENTS: '--gas-limit 300000000',
};

/** Runs the bench's program and gives its exit code; with `isOwn`, on an installation that is started for it and stopped. */
export async function runBench(context: Context, isOwn: boolean, args: readonly string[]): Promise<number> {
  using ended = endSignal();
  const { signal } = ended;
  if (!isOwn) return await benchProgram(context, args, signal);
  // What it cannot carry out is said before anything is started.
  const trial = await benchProgram(context, [...args, '--trial'], signal);
  if (trial !== 0) return trial;
  const env = { ...context.env, ...BENCH_PARTS };
  return await onOwnStack({ ...context, env, home: benchHomeOf(context.home) }, args, signal);
}

async function onOwnStack(context: Context, args: readonly string[], signal: AbortSignal): Promise<number> {
  const { home, say } = context;
  await forgetFormerRun(home);
  const stack = await openStack(context, signal);
  if (stack === null)
    throw trouble('failed', 'Another bench is going on here: wait for it, or set IRONFORGE_HOME');
  try {
    await stack.startServices();
    const file = join(home.dir, 'environment.json');
    writeJson(file, await environmentOf(home));
    const parts = await ranOn(stack.connection());
    say(parts);
    const env = { ...context.env, IRONFORGE_HOME: home.dir, IRONFORGE_ENV_FILE: file, BENCH_RAN_ON: parts };
    return await benchProgram({ ...context, env }, args, signal);
  } finally {
    await stack.stop();
  }
}

// Each bench begins on empty databases, so that one does not slow the next.
async function forgetFormerRun(home: Home): Promise<void> {
  if (await isHeld(home)) return;
  await stopStack(home);
  rmSync(home.data, { recursive: true, force: true });
}

function benchProgram({ home, env }: Context, args: readonly string[], signal: AbortSignal): Promise<number> {
  return new Promise((resolve) => {
    const script = join(home.root, 'e2e', 'bench', 'main.ts');
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, ...args], {
      cwd: home.root,
      env,
      signal,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    child.once('error', () => resolve(1));
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
