import { mayRetry } from '@ironforge/kernel';
import type { Scope } from '@ironforge/store';
import type { Chain } from '../chains.ts';
import type { WatcherDeps } from '../deps.ts';
import { markBehind, releaseCursor } from '../queries/chain-cursors.ts';
import { type Bell, createBell } from './bell.ts';
import { followPass, stopChain } from './follow-pass.ts';
import { keepLead } from './keep-lead.ts';
import { isForeign } from './is-foreign.ts';
import type { PassResult } from './pass-result.ts';
import { createRests } from './create-rests.ts';
import { createStandstillAlarm } from './standstill-alarm.ts';

/** How a chain is followed. */
export interface FollowerOptions {
  /** Of this process; another one takes the lead when it was not renewed for so long. */
  readonly leader: string;
  readonly leaseMs: number;
  /** How soon a chain is looked at again that another process leads, that is stopped, or that cannot be followed just now. */
  readonly restMs: number;
  /** The most blocks that are read at once while catching up. */
  readonly maxBlocks: number;
}

/** Each answer tells how far the node is: so one block is asked for at its tip, and more while we are behind. */
const TIP_BLOCKS = 1;

/**
 * Follows one chain until disposed, woken by its new heads; a node or database that does not answer is waited for. A chain
 * that was stopped is looked at further: it goes on when its node shows our blocks again, or somebody allowed their undoing.
 * On the node's head nobody is asked anything until the node is heard of again: each call to a provider costs its operator.
 */
export function createFollower(deps: WatcherDeps, chain: Chain, options: FollowerOptions): AsyncDisposable {
  const bell = createBell();
  const heads = chain.node.onNewHead(bell.ring);
  const running = follow(deps, chain, { ...options, bell });
  return {
    async [Symbol.asyncDispose]() {
      bell.close();
      await heads[Symbol.asyncDispose]();
      await running;
      await release(deps, chain, options);
    },
  };
}

async function follow(
  deps: WatcherDeps,
  chain: Chain,
  { bell, ...options }: FollowerOptions & { readonly bell: Bell },
): Promise<void> {
  let maxBlocks = TIP_BLOCKS;
  let result: PassResult = 'more';
  const heed = createStandstillAlarm(deps, chain);
  const restAfter = createRests(chain);
  while (!bell.isClosed()) {
    result = await tryPass(deps, chain, { ...options, maxBlocks });
    heed(result);
    maxBlocks = result === 'more' ? Math.min(maxBlocks * 2, options.maxBlocks) : TIP_BLOCKS;
    const rest = restAfter(result);
    if (rest === 'short') await bell.wait(options.restMs);
    if (rest === 'until_heard') await keepLead(deps, claimOf(chain, options), bell.rung);
  }
}

function claimOf({ config }: Chain, { leader, leaseMs }: Pick<FollowerOptions, 'leader' | 'leaseMs'>) {
  return { chainId: config.chainId, leader, leaseMs };
}

/** A pass that met a fault is tried again after a rest: nothing is known, nothing is lost. */
async function tryPass(
  deps: WatcherDeps,
  chain: Chain,
  options: Parameters<typeof followPass>[2],
): Promise<PassResult> {
  const { chainId } = chain.config;
  const { leader } = options;
  const result = await attempt(deps, chainId, () =>
    keepLead(deps, claimOf(chain, options), () => followPass(deps, chain, options)),
  );
  if (result !== undefined) return result;
  if (isForeign(chain.node)) {
    await attempt(deps, chainId, () => stopChain(deps, { chainId, leader, reason: 'wrong_chain' }));
    return 'wait';
  }
  await attempt(deps, chainId, () => scopeOf(deps).transaction((tx) => markBehind(tx, chainId, leader)));
  return 'stands';
}

async function attempt<T>(
  { log }: WatcherDeps,
  chainId: string,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (err) {
    if (mayRetry(err))
      log.warn({ err, chainId }, 'following the chain waits for a part that does not answer');
    else log.error({ err, chainId }, 'following the chain met a bug; trying again');
    return undefined;
  }
}

async function release(deps: WatcherDeps, { config }: Chain, { leader }: FollowerOptions): Promise<void> {
  await scopeOf(deps).transaction((tx) => releaseCursor(tx, config.chainId, leader));
}

function scopeOf({ store }: WatcherDeps): Scope {
  return store.system('chain_watcher');
}
