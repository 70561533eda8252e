import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';
import { edited } from './packages/testing/src/test-build/edit.ts';
import { KNOWN_BUGS } from './packages/testing/src/test-build/known-bugs.ts';

const known = new Map(Object.entries(KNOWN_BUGS));
const edits = known.get(process.env['IRONFORGE_PLANT'] ?? '')?.edits ?? [];

/**
 * The tests of a file on a source with the bug that IRONFORGE_PLANT names: they have to fail. Only the run of the known
 * bugs (e2e/faults) starts this.
 */
export default defineConfig({
  plugins: [
    {
      name: 'planted',
      enforce: 'pre',
      transform: (source, id) =>
        edits.filter(({ file }) => id === resolve(import.meta.dirname, file)).reduce(edited, source),
    },
  ],
  test: {
    include: ['**/*.test.ts'],
    exclude: ['**/node_modules/**', '.ironforge/**', '**/*.e2e.test.ts'],
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
