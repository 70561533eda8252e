import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { writeJson } from '../json-file.ts';
import { environmentOf } from '../stack/environment.ts';
import { trouble } from '../trouble.ts';

interface Options {
  readonly json?: true;
  readonly patience: string;
}

/** Adds `oracle`: reads chain, database and queues of the running installation, and names every broken promise. */
export function addOracleCommand(program: Command, context: Context): void {
  program
    .command('oracle')
    .description(
      'check the promises of docs/faults.md on the running installation; exit code 1 when one is broken',
    )
    .option('--json', 'print one JSON object')
    .option('--patience <seconds>', 'look again for so long while something is broken', '10')
    .action((options: Options) => consult(context, options));
}

async function consult({ home, env }: Context, { json, patience }: Options): Promise<void> {
  if (!/^\d+$/.test(patience))
    throw trouble('usage', `--patience is a whole number of seconds, not "${patience}"`);
  const file = join(home.dir, 'run', 'environment.json');
  writeJson(file, await environmentOf(home));
  const args = [join(home.root, 'e2e/oracle/main.ts'), '--patience', patience, ...(json ? ['--json'] : [])];
  const options = { env: { ...env, IRONFORGE_ENV_FILE: file }, stdio: 'inherit' } as const;
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], options);
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      process.exitCode = code ?? 1;
      resolve();
    });
  });
}
