import type { Tx } from '@ironforge/store';
import type { OrchestratorDeps } from '../deps.ts';
import { findHeights } from '../queries/chain-cursors.ts';
import { type LanePage, listHeldBackLanes, listUnminedLanes } from '../queries/gap-fills.ts';
import type { LaneKey } from '../queries/nonce-lanes.ts';
import { BATCH } from './each-place.ts';

/** After which time without a node, or how many blocks without being mined, bytes that were sent wait for something. */
const PATIENCE = { sentMs: 10_000, blocks: 4 };

type ListLanes = (tx: Tx, page: LanePage) => Promise<LaneKey[]>;

/** All lanes with signed bytes that wait: for their turn, for a node, or for a block. A batch at a time. */
export async function* lanesThatWait(deps: OrchestratorDeps): AsyncGenerator<readonly LaneKey[]> {
  yield* paged(deps, (tx, page) => listHeldBackLanes(tx, { ...page, sentMs: PATIENCE.sentMs }));
  for (const [chainId, { head }] of await asSweeper(deps, findHeights)) {
    const below = head - PATIENCE.blocks;
    yield* paged(deps, (tx, page) => listUnminedLanes(tx, { ...page, chainId, below }));
  }
}

async function* paged(deps: OrchestratorDeps, list: ListLanes): AsyncGenerator<readonly LaneKey[]> {
  let after: LaneKey | null = null;
  do {
    const page: LanePage = { after, count: BATCH };
    const lanes: readonly LaneKey[] = await asSweeper(deps, (tx) => list(tx, page));
    yield lanes;
    after = lanes.length === BATCH ? (lanes.at(-1) ?? null) : null;
  } while (after !== null);
}

async function asSweeper<T>({ store }: OrchestratorDeps, read: (tx: Tx) => Promise<T>): Promise<T> {
  return await store.system('request_sweeper').transaction(read, { isolation: 'read committed' });
}
