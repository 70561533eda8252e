import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const everywhere = ['**/node_modules/**', '.ironforge/**'];
const cores = availableParallelism();
/** Ends what hangs, after the time-out of `waitUntil`, so that this can say what it waited for. No test measures time. */
const TEST_MS = 300_000;

const endWithRun = ['./vitest.end-with-run.ts'];

// `./ironforge test` holds the other end of this channel: a run whose starter was killed ends as well. Without unref the
// channel would keep a finished run from ending.
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.channel?.unref();

/**
 * unit: threads, since pure code starts fastest there. integration: a few processes, each for many files, since importing a
 * service anew costs more than most files' tests (ADR 0024). e2e: a process for each file. Of both twice as many as cores,
 * since they mostly wait for servers.
 * faults: kills parts of the same installation, so one file at a time and after everybody else.
 * published: looks at every message that the projects before it made somebody publish, so it is after these.
 * afterwards: changes what all others hold to, such as the key of the audit logs, and spoils logs; so it is last, one file at a time.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['**/*.test.ts'],
          exclude: [...everywhere, '**/*.integration.test.ts', '**/*.e2e.test.ts'],
          pool: 'threads',
          isolate: false,
          maxWorkers: cores,
          testTimeout: TEST_MS,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'integration',
          include: ['**/*.integration.test.ts'],
          exclude: everywhere,
          globalSetup: ['./vitest.real-parts.ts'],
          pool: 'forks',
          isolate: false,
          setupFiles: endWithRun,
          maxWorkers: cores * 2,
          testTimeout: TEST_MS,
          hookTimeout: TEST_MS,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['e2e/*.e2e.test.ts'],
          exclude: everywhere,
          pool: 'forks',
          setupFiles: endWithRun,
          maxWorkers: cores * 2,
          testTimeout: TEST_MS,
          hookTimeout: TEST_MS,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: 'faults',
          include: ['e2e/faults/**/*.e2e.test.ts'],
          exclude: everywhere,
          pool: 'forks',
          setupFiles: endWithRun,
          maxWorkers: 1,
          testTimeout: 2 * TEST_MS,
          hookTimeout: TEST_MS,
          sequence: { groupOrder: 3 },
        },
      },
      {
        test: {
          name: 'published',
          include: ['e2e/published/*.e2e.test.ts'],
          exclude: everywhere,
          pool: 'forks',
          testTimeout: TEST_MS,
          hookTimeout: TEST_MS,
          sequence: { groupOrder: 4 },
        },
      },
      {
        test: {
          name: 'afterwards',
          include: ['e2e/afterwards/*.e2e.test.ts'],
          exclude: everywhere,
          pool: 'forks',
          setupFiles: endWithRun,
          maxWorkers: 1,
          testTimeout: TEST_MS,
          hookTimeout: TEST_MS,
          sequence: { groupOrder: 5 },
        },
      },
    ],
  },
});
