import { once } from 'node:events';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { present } from '@ironforge/kernel';
import { expect, it } from 'vitest';
import { spawnBound } from '../process/spawn-bound.ts';
import { waitUntil } from '../wait-until.ts';
import { startAnvil } from './start-anvil.ts';

const PROGRAM = fileURLToPath(new URL('./start-anvil.fixture.ts', import.meta.url));

it.each(['running', 'frozen'])(
  'a node that is %s ends with the process that started it, also when that is killed',
  async (state) => {
    const starter = spawnBound(process.execPath, [PROGRAM, state], { stdout: 'pipe', stderr: 'inherit' });
    const said: unknown[] = await once(present(starter.stdout, 'the output'), 'data');
    const { port } = new URL(String(said[0]));
    expect(await isListening(port)).toBe(true);
    starter.kill('SIGKILL');
    await waitUntil('the node to be gone', async () => !(await isListening(port)));
  },
);

it('a node that is frozen ends when it is disposed of', async () => {
  const anvil = await startAnvil();
  const { port } = new URL(anvil.rpcUrl);
  anvil.freeze();
  await anvil[Symbol.asyncDispose]();
  expect(await isListening(port)).toBe(false);
});

/** A frozen program still listens: the kernel accepts for it. */
async function isListening(port: string): Promise<boolean> {
  const socket = connect(Number(port), '127.0.0.1');
  const isOpen = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
  });
  socket.destroy();
  return isOpen;
}
