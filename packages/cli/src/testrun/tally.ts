import { relative } from 'node:path';
import { z } from 'zod';

/** How many checks and tests passed and were skipped, and what failed, each by its name and first words. */
export interface Tally {
  readonly passed: number;
  readonly failures: readonly string[];
  readonly skipped: number;
}

/** Nothing ran. */
export const NOTHING: Tally = { passed: 0, failures: [], skipped: 0 };

/** One thing that failed as a whole. */
export function oneFailure(what: string): Tally {
  return { ...NOTHING, failures: [what] };
}

/** The sum of several tallies. */
export function sum(tallies: readonly Tally[]): Tally {
  return tallies.reduce(
    (total, { passed, failures, skipped }) => ({
      passed: total.passed + passed,
      failures: [...total.failures, ...failures],
      skipped: total.skipped + skipped,
    }),
    NOTHING,
  );
}

const TestFile = z.object({
  name: z.string(),
  status: z.string(),
  message: z.string(),
  assertionResults: z.array(
    z.object({ fullName: z.string(), status: z.string(), failureMessages: z.array(z.string()) }),
  ),
});
type TestFile = z.infer<typeof TestFile>;

const VitestReport = z.object({
  numPassedTests: z.int(),
  numPendingTests: z.int(),
  numTodoTests: z.int(),
  testResults: z.array(TestFile),
});

/** What vitest's JSON report counts; a file that broke outside of its tests is one failure; files are named from `root` on. */
export function tallyOfVitest(report: unknown, root: string): Tally {
  const { numPassedTests, numPendingTests, numTodoTests, testResults } = VitestReport.parse(report);
  return {
    passed: numPassedTests,
    failures: testResults.flatMap((file) =>
      failuresOf(file).map((what) => `${relative(root, file.name)} ${what}`),
    ),
    skipped: numPendingTests + numTodoTests,
  };
}

function failuresOf({ status, message, assertionResults }: TestFile): readonly string[] {
  const failed = assertionResults.filter((test) => test.status === 'failed');
  if (failed.length === 0) return status === 'failed' ? [`as a whole: ${firstLine(message)}`] : [];
  return failed.map(
    ({ fullName, failureMessages }) => `${fullName.trim()}: ${firstLine(failureMessages[0] ?? '')}`,
  );
}

function firstLine(text: string): string {
  const [first = ''] = text.trim().split('\n');
  return first === OF_TIMEOUT ? 'it timed out' : first;
}

/** What vitest's report has in place of the message when a test took too long. */
const OF_TIMEOUT = 'Error: STACK_TRACE_ERROR';
