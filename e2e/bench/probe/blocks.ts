import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { rpc } from '../load/rpc.ts';
import { queryOne } from './database.ts';

/** Sees when blocks come, by the clock of this machine, and how far behind them the watcher is. */
export interface BlockWatch {
  /** When each height was there, in milliseconds since 1970. */
  readonly cameAt: ReadonlyMap<number, number>;
  /** For each height that the watcher reached, how much later that was, in milliseconds. */
  readonly lagMs: readonly number[];
  stop(): Promise<void>;
}

const LOOK_EVERY_MS = 10;
const Height = z.object({ height: z.coerce.number() });

/** Starts to look, many times a second. */
export function watchBlocks(): BlockWatch {
  const cameAt = new Map<number, number>();
  const lagMs: number[] = [];
  const stop = new AbortController();
  const eyes = [lookAtNode(cameAt, stop.signal), lookAtWatcher(cameAt, lagMs, stop.signal)];
  return {
    cameAt,
    lagMs,
    stop: async () => {
      stop.abort();
      await Promise.all(eyes);
    },
  };
}

async function lookAtNode(cameAt: Map<number, number>, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    const height = Number(await rpc('eth_blockNumber'));
    if (!cameAt.has(height)) cameAt.set(height, Date.now());
    await sleep(LOOK_EVERY_MS);
  }
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
