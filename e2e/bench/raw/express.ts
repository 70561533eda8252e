import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { spawnBound } from '@ironforge/testing';
import { present } from '../../world/present.ts';
import { openClient } from '../load/client.ts';
import { rateOf } from './clock.ts';

/** Requests a second that bare Express answers when it is given this body and gives this answer. */
export async function rawExpress(
  count: number,
  { body, answer }: { readonly body: object; readonly answer: unknown },
): Promise<number> {
  const env = { ...process.env, BENCH_ANSWER: JSON.stringify(answer) };
  const script = new URL('bare-server.ts', import.meta.url).pathname;
  const child = spawnBound(process.execPath, [script], { env, stdout: 'pipe' });
  try {
    const said: unknown[] = await once(createInterface(present(child.stdout, 'its output')), 'line');
    const client = openClient(`http://127.0.0.1:${String(said[0])}`, null);
    await rateOf({ count: 200, workers: 16 }, () => client.send('POST', '/v1/transactions', body));
    return await rateOf({ count, workers: 16 }, () => client.send('POST', '/v1/transactions', body));
  } finally {
    child.kill('SIGKILL');
  }
}
