import { hasCode } from '@ironforge/kernel';
import type { Chain } from '../chains.ts';
import type { WatcherDeps } from '../deps.ts';
import { findLedCursor } from '../queries/chain-cursors.ts';
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
  const running = work(deps, chain, { ...options, bell });
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
  while (!bell.isClosed()) {
    const isMore = await tryTurn(deps, chain, leader);
    if (!isMore) await bell.wait(restMs);
  }
}

/** A turn that met a fault is tried again after a rest. */
async function tryTurn(deps: WatcherDeps, chain: Chain, leader: string): Promise<boolean> {
  const { chainId } = chain.config;
  try {
    return await turn(deps, chain, leader);
  } catch (err) {
    const isExpected = hasCode(err, 'dependency_down') || hasCode(err, 'outcome_unknown');
    if (isExpected)
      deps.log.warn({ err, chainId }, 'work beside the chain waits for a part that does not answer');
    else deps.log.error({ err, chainId }, 'work beside the chain met a bug; trying again');
    return false;
  }
}

async function turn(deps: WatcherDeps, chain: Chain, leader: string): Promise<boolean> {
  const { chainId } = chain.config;
  const cursor = await deps.store
    .system('chain_watcher')
    .transaction((tx) => findLedCursor(tx, chainId, leader), { isolation: 'read committed' });
  if (cursor === undefined) return false;
  const isSweeping = await sweepTurn(deps, chain, cursor);
  return (await backfillTurn(deps, chain, cursor)) || isSweeping;
}
