import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { runBench } from '../testrun/run-bench.ts';
import { trouble } from '../trouble.ts';

interface Options {
  readonly profile?: string;
  readonly url?: string;
  readonly rpc?: string;
  readonly runs?: string;
  readonly quick?: true;
  readonly transfers?: string;
  readonly rows?: string;
  readonly document?: true;
  readonly json?: true;
}

/** Adds `bench`: measures speed as ratios to what the parts themselves can do, on an installation of its own. */
export function addBenchCommand(program: Command, context: Context): void {
  program
    .command('bench')
    .description('measure speed against what database, broker and node can do in the same run')
    .option('--profile <name>', 'P (submit to confirmed) or F (draft, approvals, … confirmed); default both')
    .option('--runs <n>', 'each figure is the median of so many runs; 5 when left out')
    .option('--quick', 'one run of few transfers, to see that everything works')
    .option('--transfers <n>', 'transfers of each asset in one run; 1000 when left out')
    .option('--rows <names>', 'only these measurements: P, F, half-load, handler, … with commas between')
    .option('--document', 'write docs/performance.md and its plot; needs five runs')
    .option(
      '--url <address>',
      'an installation that runs already; IRONFORGE_API_KEY is of a super_admin, BENCH_FUNDER_KEY pays on its chain',
    )
    .option('--rpc <address>', "the EVM node of that installation's chain")
    .option('--json', 'print one JSON object at the end')
    .action(async (options: Options) => {
      if ((options.url === undefined) !== (options.rpc === undefined))
        throw trouble('usage', 'Give --url and --rpc together');
      process.exitCode = await runBench(context, options.url === undefined, argumentsOf(options));
    });
}

function argumentsOf(options: Options): string[] {
  return Object.entries(options).flatMap(([name, value]) =>
    value === true ? [`--${name}`] : [`--${name}`, String(value)],
  );
}
