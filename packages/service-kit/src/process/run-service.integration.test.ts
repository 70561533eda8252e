import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { present } from '@ironforge/kernel';
import { spawnBound } from '@ironforge/testing';
import { expect, it } from 'vitest';

const PROGRAM = fileURLToPath(new URL('./run-service.fixture.ts', import.meta.url));

/** Runs the program, sends the signal once it has said `when`, and gives its end and what it logged. */
async function run(mode: string, signal: NodeJS.Signals | null, when = '"started"') {
  const child = spawnBound(process.execPath, [PROGRAM, mode], { stdout: 'pipe', stderr: 'inherit' });
  let output = '';
  const said = present(child.stdout, 'the output');
  said.setEncoding('utf8').on('data', (text: string) => {
    if (signal !== null && !output.includes(when) && text.includes(when)) child.kill(signal);
    output += text;
  });
  await once(child, 'close');
  return { code: child.exitCode, output };
}

it.each(['SIGTERM', 'SIGINT'] as const)('stops in order when it is told to by %s', async (signal) => {
  const { code, output } = await run('normal', signal);
  expect(code).toBe(0);
  expect(output).toMatch(/stopping[^]*in order[^]*stopped/);
});

it('ends when it is told to while it still starts', async () => {
  const { code, output } = await run('starts-for-ever', 'SIGTERM', '"begun"');
  expect(code).toBe(0);
  expect(output).toMatch(/stopping/);
});

it.each([
  ['cannot-start', null, 'no database'],
  ['cannot-stop', 'SIGTERM', 'stuck'],
  ['bug', null, 'forgotten'],
] as const)('ends with 1 and says why when it meets: %s', async (mode, signal, reason) => {
  const { code, output } = await run(mode, signal);
  expect(code).toBe(1);
  expect(output).toContain(reason);
});
