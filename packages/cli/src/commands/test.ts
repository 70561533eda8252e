import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { testHomeOf } from '../home.ts';
import { crashLine, faultLine, proofLine, readFaultReports, readProofs } from '../testrun/fault-reports.ts';
import { isTestKind, runTests, TEST_KINDS, type TestKind } from '../testrun/run-tests.ts';

/** Adds `test`: everything on real parts of its own; the last line is `N passed, N failed, N skipped`. */
export function addTestCommand(program: Command, context: Context): void {
  program
    .command('test')
    .description('run the checks and the tests on real parts started for them')
    .argument('[kind]', `one of ${TEST_KINDS.join(', ')} (default: all)`)
    .argument('[vitest...]', 'after --: arguments for vitest, for example a file name')
    .option('--json', 'print the counts as one JSON object instead of the last line')
    .action(async (first: string | undefined, others: string[], { json }: { json?: true }) => {
      const { kind, rest } = chosen([...(first === undefined ? [] : [first]), ...others]);
      const tally = await runTests(context, kind, rest);
      process.exitCode = tally.failed > 0 || tally.passed === 0 ? 1 : 0;
      const rows = kind === 'faults' || kind === 'all' ? readFaultReports(testHomeOf(context.home)) : [];
      for (const row of rows) context.say(faultLine(row));
      if (rows.length > 0) context.say(crashLine(rows));
      const bugs = kind === 'faults' || kind === 'all' ? readProofs(testHomeOf(context.home)) : [];
      for (const bug of bugs) context.say(proofLine(bug));
      const line = `${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`;
      context.print(
        json
          ? JSON.stringify({ ...tally, ...(rows.length > 0 && { rows }), ...(bugs.length > 0 && { bugs }) })
          : line,
      );
    });
}

function chosen(words: readonly string[]): { kind: TestKind; rest: readonly string[] } {
  const [first, ...rest] = words;
  return first !== undefined && isTestKind(first) ? { kind: first, rest } : { kind: 'all', rest: words };
}
