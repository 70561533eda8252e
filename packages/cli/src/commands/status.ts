import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { statusOf, type Status } from '../stack/status.ts';
import { EXIT_CODES } from '../trouble.ts';
import { statusLines } from './status-lines.ts';

/** Adds `status`: every part and chain, asked now. Exit code 0 when all are ready, 1 when some are not or a chain is stopped, 3 when nothing runs. */
export function addStatusCommand(program: Command, context: Context): void {
  program
    .command('status')
    .description('show every part: whether it answers, its pid, how often it was started again')
    .option('--json', 'print one JSON object')
    .action(async ({ json }: { json?: true }) => {
      const status = await statusOf(context.home);
      process.exitCode = exitCodeFor(status);
      if (json) return context.print(JSON.stringify(status, null, 2));
      for (const line of statusLines(status)) context.print(line);
    });
}

function exitCodeFor({ running, parts, chains }: Status): number {
  if (!running) return EXIT_CODES.not_running;
  const isFollowed = (chains ?? []).every(({ status }) => status !== 'stopped');
  return isFollowed && parts.every(({ ready }) => ready) ? 0 : EXIT_CODES.failed;
}
