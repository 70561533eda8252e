import { spawn } from 'node:child_process';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { withProgress } from '../parts/with-progress.ts';
import { oneFailure, type Tally } from './tally.ts';

const Finding = z.object({ file: z.string(), line: z.int().nullable(), what: z.string(), fix: z.string() });
const Report = z.object({
  gates: z.array(z.object({ name: z.string(), ok: z.boolean(), findings: z.array(Finding) })),
});

/** Runs every gate of `pnpm check`, says what each found, and counts gates. */
export async function runCheck({ home, env, say }: Context, signal: AbortSignal): Promise<Tally> {
  const said = await withProgress(say, 'Checking types, rules and layers', () =>
    outputOf('gates/check.ts', home.root, { env, signal }),
  );
  signal.throwIfAborted();
  const report = Report.safeParse(parsed(said));
  if (!report.success) {
    const brokeOff = `The checks broke off: ${said.trim().split('\n').at(-1) ?? ''}`;
    say(brokeOff);
    return oneFailure(brokeOff);
  }
  const { gates } = report.data;
  for (const { name, findings } of gates) {
    for (const { file, line, what, fix } of findings)
      say(`  ${name}: ${file}${line === null ? '' : `:${line}`}  ${what}. ${fix}`);
  }
  const failures = gates.filter(({ ok }) => !ok).map(({ name }) => `gate ${name}`);
  const passed = gates.length - failures.length;
  say(`${passed} of ${gates.length} gates of pnpm check passed`);
  return { passed, failures, skipped: 0 };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

function outputOf(script: string, cwd: string, options: Surroundings): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script, '--json'], {
      cwd,
      ...options,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.once('error', (error) => resolve(error.message));
    child.once('close', () => resolve(output));
  });
}
