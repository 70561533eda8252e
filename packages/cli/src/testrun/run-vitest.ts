import { spawn, type StdioOptions } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Home } from '../home.ts';
import { readJson } from '../json-file.ts';
import { NOTHING, oneFailure, sum, type Tally, tallyOfVitest } from './tally.ts';

/** One run of vitest. */
export interface VitestRun {
  readonly home: Home;
  readonly projects: readonly string[];
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

/** Runs some of vitest's projects, its own words on our output, and counts; a run that broke counts as one failure. */
export async function runVitest({ home, projects, args, env, signal }: VitestRun): Promise<Tally> {
  signal.throwIfAborted();
  const reportFile = join(home.dir, `vitest-${projects.join('-')}.json`);
  rmSync(reportFile, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`];
  const code = await exitCode(
    [
      join(home.root, 'node_modules/vitest/vitest.mjs'),
      'run',
      ...projects.flatMap((name) => ['--project', name]),
      ...reporters,
      '--passWithNoTests',
      ...args,
    ],
    { cwd: home.root, env, signal },
  );
  signal.throwIfAborted();
  const report = readJson(reportFile);
  const tally = report === null ? NOTHING : tallyOfVitest(report, home.root);
  if (code === 0 || tally.failures.length > 0) return tally;
  return sum([tally, oneFailure(`${projects.join(' and ')} tests: an error outside of any test`)]);
}

interface SpawnOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

function exitCode(args: readonly string[], options: SpawnOptions): Promise<number> {
  return new Promise((resolve) => {
    // The channel tells vitest when this process ends without a word (vitest.config.ts).
    const stdio: StdioOptions = ['ignore', 'inherit', 'inherit', 'ipc'];
    const child = spawn(process.execPath, args, { ...options, stdio });
    child.once('error', () => resolve(1));
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
