import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { CRASH_EDITS } from './crash-edits.ts';
import { edited } from './edit.ts';
import { KNOWN_BUGS } from './known-bugs.ts';
import { testBuildEnv } from './test-build.ts';

const root = resolve(import.meta.dirname, '../../../..');
const all = [
  ...Object.entries(CRASH_EDITS).map(([name, edit]) => [name, [edit]] as const),
  ...Object.entries(KNOWN_BUGS).map(([name, { edits }]) => [name, edits] as const),
];

describe('the edits of test builds', () => {
  it.each(all)('%s changes the source as it is now', (_name, edits) => {
    for (const edit of edits) {
      const source = readFileSync(resolve(root, edit.file), 'utf8');
      expect(edited(source, edit)).not.toBe(source);
    }
  });

  it('stand nowhere in what ships', () => {
    const shipped = globSync('{packages,services}/**/*.ts', { cwd: root, exclude: ['**/node_modules/**'] });
    const sources = shipped.filter((file) => !file.includes('test'));
    const holds = (file: string) =>
      /crashHere|CRASH_AT|IRONFORGE_PLANT/.test(readFileSync(resolve(root, file), 'utf8'));
    expect(sources.length).toBeGreaterThan(100);
    expect(sources.filter(holds)).toEqual([]);
  });
});

describe('a program with the preload', () => {
  const run = (variables: Record<string, string>) =>
    spawnSync(process.execPath, ['-e', 'console.log("ran")'], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], ...testBuildEnv({ crashAt: 'block.read' }), ...variables },
    });

  it('runs in a test build', () => {
    expect(run({}).stdout).toBe('ran\n');
  });

  it.each([
    ['ahead', 3_600_000],
    ['behind', -3_600_000],
  ])('sees a clock that is %s', (_where, clockSkewMs) => {
    const program =
      'console.log(Date.now() - performance.timeOrigin, new Date() - performance.timeOrigin, +new Date(7), new Date() instanceof Date)';
    const env = { PATH: process.env['PATH'], ...testBuildEnv({ clockSkewMs }) };
    const { stdout } = spawnSync(process.execPath, ['-e', program], { encoding: 'utf8', env });
    const [now, made, given, isDate] = stdout.trim().split(' ');
    const hours = [now, made].map((ms) => Math.round(Number(ms) / 3_600_000));
    const sign = Math.sign(clockSkewMs);
    expect([...hours, given, isDate]).toEqual([sign, sign, '7', 'true']);
  });

  it.each([
    ['in production', { NODE_ENV: 'production' }, 'CRASH_AT'],
    ['in what is no test build', { IRONFORGE_TEST_BUILD: '' }, 'CRASH_AT'],
    ['with a point that nobody knows', { CRASH_AT: 'block.raed' }, 'there is no block.raed'],
    ['with a bug that nobody knows', { IRONFORGE_PLANT: 'off_by_one' }, 'there is no off_by_one'],
  ])('does not start %s', (_where, variables, why) => {
    const { stdout, stderr } = run(variables);
    expect({ stdout, why: stderr.includes(why) }).toEqual({ stdout: '', why: true });
  });
});
