import { branded, type TenantId } from '@ironforge/kernel';
import { askQuote, type Quote } from '../asks/quote.ts';
import type { OrchestratorDeps } from '../deps.ts';
import { openGap, unfilledGaps } from '../lanes/gaps.ts';
import { listHeldBackLanes } from '../queries/gap-fills.ts';
import { findLane, type LaneKey, lockLane } from '../queries/nonce-lanes.ts';
import { readNow } from '../queries/now.ts';
import { BATCH, eachPlace, OWN_CAUSE } from './each-place.ts';

/** Opens a task for each nonce that nobody signs for while signed bytes wait above it; every lane has its turn. */
export async function fillGaps(deps: OrchestratorDeps): Promise<void> {
  for await (const lanes of heldBackLanes(deps)) {
    await eachPlace(deps, lanes, async (lane) => {
      if (await hasGap(deps, lane)) await fill(deps, lane, await quoteFor(deps, lane));
    });
  }
}

/** All lanes that something holds back, a batch at a time. */
async function* heldBackLanes({ store }: OrchestratorDeps): AsyncGenerator<readonly LaneKey[]> {
  let after: LaneKey | null = null;
  do {
    const page = { after, count: BATCH };
    const lanes: readonly LaneKey[] = await store
      .system('request_sweeper')
      .transaction((tx) => listHeldBackLanes(tx, page), { isolation: 'read committed' });
    yield lanes;
    after = lanes.length === BATCH ? (lanes.at(-1) ?? null) : null;
  } while (after !== null);
}

/** Looked at before the chain is asked and the lane is locked, since most that is held back waits for a lease. */
async function hasGap({ store }: OrchestratorDeps, key: LaneKey): Promise<boolean> {
  return await store.forTenant(branded<TenantId>(key.tenantId)).transaction(
    async (tx) => {
      const lane = await findLane(tx, key);
      return lane !== undefined && (await unfilledGaps(tx, lane, await readNow(tx))).length > 0;
    },
    { isolation: 'read committed' },
  );
}

async function quoteFor(deps: OrchestratorDeps, { chainId, address }: LaneKey): Promise<Quote> {
  const { nativeAssetId } = deps.chainById(chainId);
  return await askQuote(deps, { chainId, from: address, to: address, assetId: nativeAssetId, amount: '0' });
}

async function fill(deps: OrchestratorDeps, key: LaneKey, quote: Quote): Promise<void> {
  await deps.withLane(key, async (tx) => {
    const lane = await lockLane(tx, key);
    if (lane === undefined) return;
    const now = await readNow(tx);
    for (const nonce of await unfilledGaps(tx, lane, now))
      await openGap(deps, tx, { lane, nonce, quote, cause: OWN_CAUSE, now });
  });
}
