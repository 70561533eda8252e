import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { environmentOf } from '../stack/environment.ts';

/** Adds `env`: how to reach the running installation, secrets included, for scripts and tests. */
export function addEnvCommand(program: Command, context: Context): void {
  program
    .command('env')
    .description('print how to reach the running installation, secrets included')
    .option('--json', 'one JSON object (the only form there is)')
    .action(async () => context.print(JSON.stringify(await environmentOf(context.home), null, 2)));
}
