import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { chain } from '../../world/environment.ts';
import { queryOne } from './database.ts';

/** Sees when blocks come, by the clock of this machine, and how far behind them the watcher is. */
export interface BlockWatch {
  /** When each height was there, in milliseconds since 1970. */
  readonly cameAt: ReadonlyMap<number, number>;
  /** For each height that the watcher reached, how much later that was, in milliseconds. */
  readonly lagMs: readonly number[];
  stop(): Promise<void>;
}

const LOOK_EVERY_MS = 20;
const Height = z.object({ height: z.coerce.number() });

/** Starts to listen to the node, and to look at the watcher's cursor many times a second. */
export function watchBlocks(): BlockWatch {
  const cameAt = new Map<number, number>();
  const lagMs: number[] = [];
  const stop = new AbortController();
  const eyes = [hearNode(cameAt, stop.signal), lookAtWatcher(cameAt, lagMs, stop.signal)];
  return {
    cameAt,
    lagMs,
    stop: async () => {
      stop.abort();
      await Promise.all(eyes);
    },
  };
}

/** The node says by itself when there is a block: asking it again and again would be a load of its own. */
async function hearNode(cameAt: Map<number, number>, stop: AbortSignal): Promise<void> {
  const socket = new WebSocket(chain.rpcUrl.replace(/^http/, 'ws'));
  socket.addEventListener('open', () => socket.send(JSON.stringify(SUBSCRIBE)));
  socket.addEventListener('message', ({ data }) => {
    const head = NewHead.safeParse(JSON.parse(String(data)));
    if (head.success) cameAt.set(Number(head.data.params.result.number), Date.now());
  });
  await Promise.race([once(stop, 'abort'), once(socket, 'error').then(fail)]);
  socket.close();
}

const SUBSCRIBE = { jsonrpc: '2.0', id: 1, method: 'eth_subscribe', params: ['newHeads'] };
const NewHead = z.object({ params: z.object({ result: z.object({ number: z.string() }) }) });

function fail(): never {
  throw new Error('the node does not tell its blocks');
}

async function lookAtWatcher(
  cameAt: ReadonlyMap<number, number>,
  lagMs: number[],
  stop: AbortSignal,
): Promise<void> {
  let last = (await cursor()).height;
  while (!stop.aborted) {
    const { height } = await cursor();
    for (; last < height; last += 1) {
      const cameAtMs = cameAt.get(last + 1);
      if (cameAtMs !== undefined) lagMs.push(Math.max(0, Date.now() - cameAtMs));
    }
    await sleep(LOOK_EVERY_MS);
  }
}

async function cursor() {
  return await queryOne(Height, 'SELECT max(height) AS height FROM chain_cursors');
}
