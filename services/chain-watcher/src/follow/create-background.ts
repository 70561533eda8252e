import { mayRetry } from '@ironforge/kernel';
import type { Chain } from '../chains.ts';
import type { WatcherDeps } from '../deps.ts';
import { findLedCursor } from '../queries/chain-cursors.ts';
import { type BackfillOrder, createBackfillOrder } from './backfill-order.ts';
import { backfillTurn } from './backfill-turn.ts';
import { type Bell, createBell } from './bell.ts';
import { sweepTurn } from './sweep-turn.ts';

/** Who works, and how long it rests when there is nothing to do. */
export interface BackgroundOptions {
  /** The follower's name: who leads the chain does this work too. */
  readonly leader: string;
  readonly restMs: number;
}

/**
 * Does what has no hurry, turn by turn, beside the follower: while the chain is followed at its tip, by the process that
 * leads it. A turn is short and keeps its place in the database, so that it may be broken off anywhere; two processes
 * that both believe to lead do nothing twice.
 */
export function createBackground(
  deps: WatcherDeps,
  chain: Chain,
  options: BackgroundOptions,
): AsyncDisposable {
  const bell = createBell();
  const running = work(deps, { ...chain, node: chain.unhurried }, { ...options, bell });
  return {
    async [Symbol.asyncDispose]() {
      bell.close();
      await running;
    },
  };
}

async function work(
  deps: WatcherDeps,
  chain: Chain,
  { bell, leader, restMs }: BackgroundOptions & { readonly bell: Bell },
): Promise<void> {
  const order = createBackfillOrder();
  while (!bell.isClosed()) {
    const isMore = await turn(deps, chain, { leader, order });
    if (!isMore) await bell.wait(restMs);
  }
}

/** One turn of each; that one cannot go on must not keep the other from it. */
async function turn(
  deps: WatcherDeps,
  chain: Chain,
  { leader, order }: Pick<BackgroundOptions, 'leader'> & { readonly order: BackfillOrder },
): Promise<boolean> {
  const { chainId } = chain.config;
  const attempt = <T>(part: () => Promise<T>) => tryPart(deps, chainId, part);
  const cursor = await attempt(() =>
    deps.store
      .system('chain_watcher')
      .transaction((tx) => findLedCursor(tx, chainId, leader), { isolation: 'read committed' }),
  );
  if (cursor === undefined) return false;
  const isSweeping = await attempt(() => sweepTurn(deps, chain, cursor));
  const isFilling = await attempt(() => backfillTurn(deps, chain, { cursor, choose: order.choose }));
  order.note(isFilling === true);
  return isSweeping === true || isFilling === true;
}

/** A part that met a fault is tried again with the next turn; undefined then. */
async function tryPart<T>(
  deps: WatcherDeps,
  chainId: string,
  part: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await part();
  } catch (err) {
    if (mayRetry(err))
      deps.log.warn({ err, chainId }, 'work beside the chain waits for a part that does not answer');
    else deps.log.error({ err, chainId }, 'work beside the chain met a bug; trying again');
    return undefined;
  }
}
