import type { Command } from 'commander';
import type { Context } from '../context.ts';
import type { ChainStatus } from '../stack/chain-status.ts';
import { statusOf, type Status } from '../stack/status.ts';
import { EXIT_CODES } from '../trouble.ts';

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
      for (const line of told(status)) context.print(line);
    });
}

function exitCodeFor({ running, parts, chains }: Status): number {
  if (!running) return EXIT_CODES.not_running;
  const isFollowed = (chains ?? []).every(({ status }) => status !== 'stopped');
  return isFollowed && parts.every(({ ready }) => ready) ? 0 : EXIT_CODES.failed;
}

function told({ running, phase, problem, parts, chains }: Status): readonly string[] {
  if (!running)
    return [problem === null ? 'IronForge is not running.' : `IronForge is not running: ${problem}`];
  const rows = parts.map(({ name, ready, reason, pid, restarts, source, url }) =>
    [
      name.padEnd(18),
      (ready ? 'ready' : 'not ready').padEnd(10),
      String(pid ?? '-').padEnd(8),
      String(restarts).padEnd(9),
      ready ? (source ?? url ?? '') : (reason ?? ''),
    ].join(''),
  );
  return [
    `IronForge is ${phase}.`,
    `${'part'.padEnd(18)}${'state'.padEnd(10)}${'pid'.padEnd(8)}${'restarts'.padEnd(9)}from`,
    ...rows,
    `${'chain'.padEnd(18)}${'state'.padEnd(10)}${'height'.padEnd(12)}final`,
    ...(chains ?? []).map(chainRow),
  ];
}

function chainRow({ chainId, status, head, finalizedHeight }: ChainStatus): string {
  const height = String(head?.height ?? '-').padEnd(12);
  const line = `${chainId.padEnd(18)}${status.padEnd(10)}${height}${finalizedHeight ?? '-'}`;
  return status === 'stopped' ? `${line}  forked below finality: see docs/operators/reorgs.md` : line;
}
