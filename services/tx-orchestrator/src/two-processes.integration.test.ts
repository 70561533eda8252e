import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseJson, present } from '@ironforge/kernel';
import { saidBy, spawnBound, waitUntil } from '@ironforge/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { askPayload, create, replyOf, setPolicy } from './testbed/story.fixture.ts';
import { startWorld, type World } from './testbed/world.fixture.ts';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));
const listeningLine = z.object({ msg: z.literal('listening'), url: z.string() });
const NOBODY = 'redis://127.0.0.1:1';

let world: World;
beforeAll(async () => {
  world = await startWorld();
  await setPolicy(world, 'allow');
});
afterAll(() => world[Symbol.asyncDispose]());

test.each([
  ['with Redis', 200, {}],
  ['while Redis is away', 50, { REDIS_URL: NOBODY }],
])(
  'two processes asked for payloads of one address at once give distinct nonces without a gap, %s',
  async (how, count, change) => {
    await using processes = new AsyncDisposableStack();
    const urls = [await startProcess(processes, change), await startProcess(processes, change)];
    const wallet = world.addWallet();
    const ids: string[] = [];
    for (let made = 0; made < count; made += AT_A_TIME) ids.push(...(await createSome(wallet.id)));
    const startedAt = performance.now();
    const answers = await Promise.all(
      ids.map((id, index) => askPatiently(id, present(urls[index % urls.length], 'a URL'))),
    );
    const ms = Math.round(performance.now() - startedAt);
    const nonces = answers.map((answer) => replyOf(answer).evm.nonce).toSorted((a, b) => a - b);
    expect(nonces).toEqual(Array.from({ length: count }, (_, nonce) => nonce));
    const retries = await retriesOf(urls);
    process.stdout.write(
      `${count} payloads by two processes ${how}: ${retries} database retries, ${ms} ms\n`,
    );
  },
);

const AT_A_TIME = 10;

/** What is asked for later, made without haste: only the payloads are asked for all at once. */
async function createSome(walletId: string): Promise<string[]> {
  const answers = await Promise.all(Array.from({ length: AT_A_TIME }, () => create(world, walletId)));
  return answers.map((answer) => replyOf(answer).id);
}

/** So many at once may be more than a slow machine's neighbours answer in time: then a client asks again, as told. */
async function askPatiently(id: string, url: string) {
  const ask = async () => {
    const answer = await askPayload(world, id, 600, url);
    return answer.status === 503 ? null : answer;
  };
  return await waitUntil('a payload or a refusal', ask, { intervalMs: 250 });
}

/** The service as it runs in production: a process of its own, told everything by its environment; gives its URL. */
async function startProcess(
  stack: AsyncDisposableStack,
  change: Readonly<Record<string, string>>,
): Promise<string> {
  const env = { ...process.env, ...world.environment, LOG_LEVEL: 'info', ...change };
  const child = spawnBound(process.execPath, [MAIN], { env, stdout: 'pipe', stderr: 'inherit' });
  stack.defer(() => stop(child));
  const output = present(child.stdout, 'the output');
  return await saidBy(output, (line) => listeningLine.safeParse(parseJson(line)).data?.url);
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

async function retriesOf(urls: readonly string[]): Promise<number> {
  const counts = await Promise.all(urls.map(readRetries));
  return counts.reduce((sum, count) => sum + count, 0);
}

async function readRetries(url: string): Promise<number> {
  const text = await (await fetch(new URL('/metrics', url))).text();
  return Number(/^database_retries_total\S* (\d+)$/m.exec(text)?.[1]);
}
