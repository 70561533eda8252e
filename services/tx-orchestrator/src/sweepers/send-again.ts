import { findFront, sendWindow } from '../lanes/send-window.ts';
import { lockLane } from '../queries/nonce-lanes.ts';
import { listUnsentLanes, noteLookedAt } from '../queries/tx-attempts.ts';
import { BATCH, eachLane, OWN_CAUSE, type SweepDeps } from './each-place.ts';

/** What waits behind a gap, or was held back, is looked at again less often. */
const PATIENCE = { sentMs: 5_000, heldBackMs: 30_000 };

/** Sends the same bytes every 5 s until some node has them, and again after an eviction or a reorg. */
export async function sendAgain(deps: SweepDeps): Promise<void> {
  const lanes = await deps.store
    .system('request_sweeper')
    .transaction(
      (tx) => listUnsentLanes(tx, { ...PATIENCE, except: deps.passedOver.names(), count: BATCH }),
      {
        isolation: 'read committed',
      },
    );
  await eachLane(deps, lanes, (key) =>
    deps.withLane(key, async (tx) => {
      const lane = await lockLane(tx, key);
      if (lane !== undefined)
        await sendWindow(deps, tx, { lane, front: await findFront(tx, lane), cause: OWN_CAUSE });
      noteLookedAt(tx, key);
    }),
  );
}
