import { type Block, type Cursor, firstHeight, type Head, nextStep } from '@ironforge/chain-core';
import { appError } from '@ironforge/contracts';
import { type AppError, present } from '@ironforge/kernel';
import { tellStopped } from '../chain-news.ts';
import type { Chain } from '../chains.ts';
import type { WatcherDeps } from '../deps.ts';
import { insertBlock } from '../queries/chain-blocks.ts';
import {
  type CursorState,
  claimCursor,
  findCursor,
  insertCursor,
  stopCursor,
} from '../queries/chain-cursors.ts';
import { applyBlock } from './apply-block.ts';
import { isReplaced } from './fork.ts';
import { goOn, sayGoesOn } from './go-on.ts';
import { findMeeting, type Meeting } from './meeting.ts';
import type { PassResult } from './pass-result.ts';
import { undoBlock } from './undo-block.ts';
import { waitForBlocks } from './wait-for-blocks.ts';

/** Who follows, how long without renewal, and how many blocks at once. */
export interface PassOptions {
  readonly leader: string;
  readonly leaseMs: number;
  readonly maxBlocks: number;
}

/**
 * One pass over a chain: claim the lead, read the blocks after the cursor, apply them, or undo one.
 * Everything it needs is read anew from the database and the node, so a pass may be broken off anywhere.
 */
export async function followPass(deps: WatcherDeps, chain: Chain, options: PassOptions): Promise<PassResult> {
  const cursor = (await claim(deps, chain, options)) ?? (await begin(deps, chain, options));
  if (cursor === undefined) return 'wait';
  deps.telemetry.looksAt(cursor.chainId);
  deps.telemetry.standsOn(cursor.chainId, cursor);
  const { blocks, head } = await chain.node.newsFrom(cursor.height + 1, options.maxBlocks);
  const [next] = blocks;
  const meeting = next === undefined ? await findMeeting(deps, chain, { cursor, head }) : nowhere(cursor);
  const view = { nextParentHash: next?.parentHash ?? null, meeting };
  const disputed = { height: meeting.height, hash: meeting.ours ?? cursor.hash };
  switch (nextStep(cursor, cursor.finalizedHeight, view)) {
    case 'apply':
      return await applyAll(deps, chain, { blocks, head, cursor, options });
    case 'undo':
      return (await isBelieved(deps, chain, disputed))
        ? await undoDownTo(deps, chain, { height: cursor.height, cursor, options })
        : 'stands';
    case 'stop':
      return (await isBelieved(deps, chain, disputed)) ? await stop(deps, cursor, options) : 'stands';
    case 'wait':
      return await waitForBlocks(deps, chain, { cursor, meeting });
    default:
      throw new Error('every step is handled');
  }
}

/** Where there is a next block, nobody looks further. */
function nowhere({ height }: CursorState): Meeting {
  return { height, theirs: null, ours: null, head: height + 1 };
}

async function isBelieved({ log }: WatcherDeps, chain: Chain, ours: Cursor): Promise<boolean> {
  if (await isReplaced(chain, ours)) return true;
  const { chainId } = chain.config;
  log.warn({ chainId, ...ours }, 'the endpoints disagree about a block: waiting until they agree');
  return false;
}

async function claim(
  deps: WatcherDeps,
  { config }: Chain,
  options: PassOptions,
): Promise<CursorState | undefined> {
  const lease = { chainId: config.chainId, leader: options.leader, leaseMs: options.leaseMs };
  return await system(deps).transaction((tx) => claimCursor(tx, lease), READ_COMMITTED);
}

/**
 * The first cursor of a chain stands on its newest final block, or where that is taken to be: nothing below it is ever undone.
 * So a node that still reads its chain, and stands at genesis meanwhile, is waited for.
 */
async function begin(
  deps: WatcherDeps,
  chain: Chain,
  options: PassOptions,
): Promise<CursorState | undefined> {
  const { chainId } = chain.config;
  if ((await system(deps).transaction((tx) => findCursor(tx, chainId))) !== undefined) return undefined;
  if (await chain.node.isSyncing()) throw notInStep();
  const head = await chain.node.head();
  const height = firstHeight(head.height, chain.config, await finalizedTag(chain));
  const block = present((await chain.node.blocksFrom(height, 1))[0], `block ${height}`);
  await system(deps).transaction(async (tx) => {
    const place = { chainId, height, hash: block.hash, blockTime: block.time, finalizedHeight: height };
    await insertCursor(tx, { ...place, status: 'behind' });
    await insertBlock(tx, chainId, block);
  });
  deps.telemetry.chainGoesOn(chainId);
  return await claim(deps, chain, options);
}

function notInStep(): AppError {
  return appError('dependency_down', {
    retry: 'later',
    detail: 'the node still reads its chain (eth_syncing)',
  });
}

interface Applying {
  readonly blocks: readonly Block[];
  readonly head: Head;
  readonly cursor: CursorState;
  readonly options: PassOptions;
}

async function applyAll(
  deps: WatcherDeps,
  chain: Chain,
  { blocks, head, cursor, options }: Applying,
): Promise<PassResult> {
  await goOn(deps, cursor);
  const tag = await finalizedTag(chain);
  const { chainId } = cursor;
  const { leaseMs } = options;
  let at = cursor;
  for (const [index, block] of blocks.entries()) {
    const isNewest = index === blocks.length - 1;
    const isBehind = block.height < head.height;
    deps.telemetry.lag(chainId, Math.max(1, head.height - at.height));
    const next = { block, cursor: at, finalizedTag: tag, isBehind, isNewest, leaseMs };
    const applied = await applyBlock(deps, chain, next);
    if (applied.state === 'contested')
      return await settle(deps, chain, { ours: applied.ours, cursor: at, options });
    if (applied.state === 'again') return 'more';
    at = applied.cursor;
    deps.telemetry.standsOn(chainId, at);
  }
  if (at.hash !== head.hash) return 'more';
  deps.telemetry.lag(chainId, 0);
  return 'tip';
}

/** A block that no endpoint shows any more goes with all above it, which may stand on it by its false name alone. */
async function settle(
  deps: WatcherDeps,
  chain: Chain,
  { ours, ...place }: Omit<Undoing, 'height'> & { readonly ours: Cursor },
): Promise<PassResult> {
  if (!(await isBelieved(deps, chain, ours))) return 'stands';
  return await undoDownTo(deps, chain, { height: ours.height, ...place });
}

async function finalizedTag({ config, node }: Chain): Promise<number | null> {
  return config.finality.kind === 'tag' ? await node.finalizedTag() : null;
}

/** Which blocks go: the newest, and all others down to a height. */
interface Undoing {
  readonly height: number;
  readonly cursor: CursorState;
  readonly options: PassOptions;
}

async function undoDownTo(
  deps: WatcherDeps,
  chain: Chain,
  { height, cursor, options }: Undoing,
): Promise<PassResult> {
  for (let at = cursor; at.height >= height; ) {
    if (at.height <= at.finalizedHeight) return await stop(deps, at, options);
    deps.log.warn(
      { chainId: at.chainId, height: at.height, hash: at.hash },
      'the chain forked: undoing a block',
    );
    const moved = await undoBlock(deps, chain, { cursor: at, leaseMs: options.leaseMs });
    if (moved === 'floor') return await stop(deps, at, options);
    if (moved === undefined) return 'more';
    sayGoesOn(deps, at);
    at = moved;
  }
  return 'more';
}

/** Tells it once; the metric is set each time, for a process that was started again, too. */
async function stop(
  deps: WatcherDeps,
  { chainId }: Pick<CursorState, 'chainId'>,
  { leader }: Pick<PassOptions, 'leader'>,
): Promise<PassResult> {
  await stopChain(deps, { chainId, leader, reason: 'forked_below_finality' });
  return 'wait';
}

/** Stops a chain that this process leads, and tells its tenants and whoever is on duty, once. */
export async function stopChain(
  deps: WatcherDeps,
  stopping: Parameters<typeof stopCursor>[1],
): Promise<void> {
  const { chainId, reason } = stopping;
  deps.telemetry.chainStopped(chainId);
  const at = await system(deps).transaction(async (tx) => {
    const stopped = await stopCursor(tx, stopping);
    if (stopped !== undefined) await tellStopped(deps, tx, { at: stopped, reason });
    return stopped;
  }, READ_COMMITTED);
  if (at === undefined) return;
  const { height, hash, finalizedHeight: finalized } = at;
  deps.log.error({ chainId, height, hash, finalized, alert: true }, STOPPED[reason]);
}

const STOPPED = {
  forked_below_finality: 'the chain forked below finality: stopped',
  wrong_chain: 'every endpoint of the chain is a node of another one: stopped',
} as const;

const READ_COMMITTED = { isolation: 'read committed' } as const;

function system({ store }: WatcherDeps) {
  return store.system('chain_watcher');
}
