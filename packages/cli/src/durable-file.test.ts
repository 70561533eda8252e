import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { z } from 'zod';
import { replaceFile, writeNewFile } from './durable-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'durable-file-test-'));
const file = join(folder, 'key');
afterAll(() => rmSync(folder, { recursive: true }));

it('writes for one user alone, again or only once, and leaves nothing beside it', () => {
  writeNewFile(file, 'first');
  expect(() => writeNewFile(file, 'second')).toThrow('EEXIST');
  expect(readFileSync(file, 'utf8')).toBe('first');
  writeFileSync(file, 'of an older version', { mode: 0o644 });
  replaceFile(file, 'third');
  expect(readFileSync(file, 'utf8')).toBe('third');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(['key']);
});

it.each([
  ['replaceFile', ['open', 'write', 'fsync', 'close', 'rename', 'open', 'fsync', 'close']],
  ['writeNewFile', ['open', 'write', 'fsync', 'close', 'open', 'fsync', 'close']],
])('%s has text and name on the disk before it returns', (name, calls) => {
  expect(callsOf(name)).toEqual(calls);
});

const Trace = z.object({ traceEvents: z.array(z.object({ name: z.string(), ph: z.string() })) });

/** What a process asks the operating system for between two looks at a file that is not there, by Node's own trace. */
function callsOf(name: string): string[] {
  const trace = join(folder, `${name}.json`);
  const code = `const { existsSync } = await import('node:fs');
    const { ${name} } = await import(${JSON.stringify(join(import.meta.dirname, 'durable-file.ts'))});
    existsSync('nowhere');
    ${name}(${JSON.stringify(join(folder, `by-${name}`))}, 'text');
    existsSync('nowhere');`;
  const tracing = ['--trace-event-categories', 'node.fs.sync', '--trace-event-file-pattern', trace];
  execFileSync(process.execPath, [...tracing, '--input-type=module', '-e', code]);
  const { traceEvents } = Trace.parse(JSON.parse(readFileSync(trace, 'utf8')));
  const names = traceEvents.filter(({ ph }) => ph === 'B').map((event) => event.name.replace('fs.sync.', ''));
  return names.slice(
    names.lastIndexOf('access', names.lastIndexOf('access') - 1) + 1,
    names.lastIndexOf('access'),
  );
}
