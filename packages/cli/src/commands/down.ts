import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { stopStack } from '../stack/stop-stack.ts';

/** Adds `down`: stops everything that runs. */
export function addDownCommand(program: Command, context: Context): void {
  program
    .command('down')
    .description('stop the local installation; its data stays')
    .option('--json', 'print one JSON object')
    .action(async ({ json }: { json?: true }) => {
      const stopped = await stopStack(context.home);
      if (json) return context.print(JSON.stringify({ stopped }));
      context.print(stopped ? 'IronForge is stopped.' : 'IronForge was not running.');
    });
}
