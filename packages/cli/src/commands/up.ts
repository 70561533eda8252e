import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { join } from '../stack/join.ts';
import { startDetached } from '../stack/start-detached.ts';
import { superviseHere } from '../stack/supervise-here.ts';
import { printEntrance } from './print-entrance.ts';

interface UpOptions {
  readonly detach?: true;
  readonly json?: true;
}

/** Adds `up`: starts the installation, or joins the one that runs. */
export function addUpCommand(program: Command, context: Context): void {
  program
    .command('up')
    .description('start the local installation and keep it alive; a second one joins the first')
    .option('--detach', 'return when it is ready, and leave it running')
    .option('--json', 'print how to reach it as one JSON object, as `env --json` does')
    .action(async ({ detach, json }: UpOptions) => {
      const ready = () => printEntrance(context, json === true);
      if (detach) {
        await startDetached(context);
        return ready();
      }
      if (await superviseHere(context, ready)) return;
      await join(context);
      await ready();
    });
}
