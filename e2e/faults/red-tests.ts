import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';

const root = resolve(import.meta.dirname, '../..');

const Report = z.object({
  testResults: z.array(
    z.object({ assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })) }),
  ),
});

/** Runs a test file on a source with a known bug in it, and gives the full names of the tests that failed. */
export async function redTests(file: string, bug: string): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'red-tests-'));
  try {
    const report = join(folder, 'report.json');
    await vitest(
      ['--config', 'vitest.planted.config.ts', '--reporter=json', `--outputFile=${report}`, file],
      bug,
    );
    const { testResults } = Report.parse(JSON.parse(readFileSync(report, 'utf8')));
    return testResults
      .flatMap(({ assertionResults }) => assertionResults)
      .filter(({ status }) => status === 'failed')
      .map(({ fullName }) => fullName);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function vitest(args: readonly string[], bug: string): Promise<void> {
  return new Promise((done, reject) => {
    const child = spawn(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...args], {
      cwd: root,
      env: { ...process.env, IRONFORGE_PLANT: bug },
      stdio: 'ignore',
    });
    child.once('error', reject);
    child.once('exit', () => done());
  });
}
