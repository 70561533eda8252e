import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { present } from '@ironforge/kernel';
import { spawnBound } from '@ironforge/testing';
import { expect, it } from 'vitest';

const PROGRAM = fileURLToPath(new URL('./collect-when-idle.fixture.ts', import.meta.url));

it('gives back what a burst took, once the process has come to rest', async () => {
  const options = { stdout: 'pipe', stderr: 'inherit' } as const;
  const child = spawnBound(process.execPath, ['--expose-gc', PROGRAM], options);
  const [said] = await Promise.all([text(present(child.stdout, 'the output')), once(child, 'close')]);
  expect(said).toBe('did 1000000\ngiven back\n');
});
