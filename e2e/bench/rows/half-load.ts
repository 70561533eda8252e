import { landed, pace } from '../load/flight.ts';
import { watchBlocks } from '../probe/blocks.ts';
import { hearConfirmations } from '../probe/confirmations.ts';
import { percentile } from '../raw/clock.ts';
import { type Found } from './row.ts';
import { mostOf, type Stage } from './stage.ts';

const SECONDS = 15;
/** Until what it pays becomes final as well, as it does at any time later, and what came before is. */
const LEAD_SECONDS = 36;
/** A transfer is confirmed by the second block: its own and one more. */
const CONFIRMATIONS = 2;

/** Times at half of the most: from the block that confirms to the published event, from wish to answer, from block to watcher. */
export async function halfLoad(stage: Stage): Promise<Found> {
  const crew = await stage.hire('P');
  const perSecond = Math.max(1, mostOf(stage) / 2);
  const even = { assetId: crew.native, perSecond };
  const lead = stage.keep(await pace(crew, { ...even, seconds: LEAD_SECONDS }));
  const blocks = watchBlocks();
  await using confirmations = await hearConfirmations(crew.tenant.id);
  const flight = stage.keep(await pace(crew, { ...even, seconds: SECONDS }));
  await landed(flight, lead.taken.length);
  await blocks.stop();
  const addedMs = confirmations.heard.flatMap(({ height, at }) => {
    const cameAt = blocks.cameAt.get(height + CONFIRMATIONS - 1);
    return cameAt === undefined ? [] : [at - cameAt];
  });
  const acceptMs = flight.taken.map((one) => one.acceptMs);
  return {
    rows: {
      'after_block.p50': percentile(addedMs, 50),
      'after_block.p99': percentile(addedMs, 99),
      'accept.p99': percentile(acceptMs, 99),
      'watcher.lag.p99': percentile(blocks.lagMs, 99),
    },
    notes: {
      'half_load.transfers_per_second': perSecond,
      'accept.p50': percentile(acceptMs, 50),
      'watcher.lag.p50': percentile(blocks.lagMs, 50),
    },
  };
}
