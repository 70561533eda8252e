import { globSync } from 'node:fs';
import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { type Home, testHomeOf } from '../home.ts';
import {
  crashLine,
  type FaultReport,
  faultLine,
  type Proof,
  proofLine,
  readFaultReports,
  readProofs,
} from '../testrun/fault-reports.ts';
import { isTestKind, runTests, TEST_KINDS, type TestKind } from '../testrun/run-tests.ts';
import type { Tally } from '../testrun/tally.ts';
import { trouble } from '../trouble.ts';

/** Adds `test`: everything on real parts of its own; the last line is `N passed, N failed, N skipped`. */
export function addTestCommand(program: Command, context: Context): void {
  program
    .command('test')
    .description('run the checks and the tests on real parts started for them')
    .argument('[kind]', `one of ${TEST_KINDS.join(', ')} (default: all)`)
    .argument('[vitest...]', 'after --: arguments for vitest, for example a file name')
    .option('--json', 'print the counts as one JSON object instead of the last line')
    .action(async (first: string | undefined, others: string[], { json }: { json?: true }) => {
      const { kind, rest } = chosen(context.home, [...(first === undefined ? [] : [first]), ...others]);
      const tally = await runTests(context, kind, rest);
      const failed = tally.failures.length;
      process.exitCode = failed > 0 || tally.passed === 0 ? 1 : 0;
      const faults = faultsOf(context.home, kind);
      for (const line of closingLines(tally, faults)) context.say(line);
      const { passed, skipped } = tally;
      const counts = { passed, failed, skipped };
      const found = Object.entries({ failures: tally.failures, ...faults }).filter(
        ([, list]) => list.length > 0,
      );
      context.print(
        json
          ? JSON.stringify({ ...counts, ...Object.fromEntries(found) })
          : `${passed} passed, ${failed} failed, ${skipped} skipped`,
      );
    });
}

interface Faults {
  readonly rows: readonly FaultReport[];
  readonly bugs: readonly Proof[];
}

function faultsOf(home: Home, kind: TestKind): Faults {
  if (kind !== 'faults' && kind !== 'all') return { rows: [], bugs: [] };
  const testHome = testHomeOf(home);
  return { rows: readFaultReports(testHome), bugs: readProofs(testHome) };
}

// What failed stands last: the test's own words are thousands of lines above.
function closingLines({ failures }: Tally, { rows, bugs }: Faults): readonly string[] {
  return [
    ...rows.map(faultLine),
    ...(rows.length > 0 ? [crashLine(rows)] : []),
    ...bugs.map(proofLine),
    ...failures.map((failure) => `failed: ${failure}`),
  ];
}

/** Throws `usage` for a word that is neither a kind nor a part of the name of a test file: before anything is started. */
function chosen({ root }: Home, words: readonly string[]): { kind: TestKind; rest: readonly string[] } {
  const [first, ...rest] = words;
  if (first === undefined) return { kind: 'all', rest };
  if (isTestKind(first)) return { kind: first, rest };
  const isKnown = first.startsWith('-') || testFiles(root).some((file) => file.includes(first));
  if (isKnown) return { kind: 'all', rest: words };
  throw trouble(
    'usage',
    `"${first}" is neither of ${TEST_KINDS.join(', ')}, nor in the name of any test file`,
  );
}

function testFiles(root: string): readonly string[] {
  return globSync('{packages,services,e2e,gates}/**/*.test.ts', {
    cwd: root,
    exclude: ['**/node_modules/**'],
  });
}
