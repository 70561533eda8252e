import { freshKey, wishOf } from '../load/transfer.ts';
import { idleWork, readWork, workBetween, workOfEach } from '../probe/work.ts';
import { barePartsOf } from '../raw/bare-parts.ts';
import { rawExpress } from '../raw/express.ts';
import { rateOf } from '../raw/clock.ts';
import type { Found } from './row.ts';
import type { Stage } from './stage.ts';

const WORKERS = 16;
/** The services have just started: what they do for the first times is not what they do all day. */
const WARM_UP = 1_500;
const RECORDED = 600;
const REFUSED = 1_500;
const BARE = 3_000;

/** Wishes a second through gateway and orchestrator, drafts, as part of what bare Express does with the same body. */
export async function handler(stage: Stage): Promise<Found> {
  const { operator, payers, native } = await stage.hire('P');
  const body = (index: number, assetId = native) =>
    wishOf(payers[index % payers.length] ?? { id: '' }, assetId, false);
  const send = (index: number, assetId?: string) =>
    operator.send('POST', '/v1/transactions', body(index, assetId), freshKey());
  const { body: answer } = await send(0);
  await rateOf({ count: WARM_UP, workers: WORKERS }, (index) => send(index, 'no asset'));
  const idle = await idleWork();
  const before = await readWork();
  const recorded = await rateOf({ count: RECORDED, workers: WORKERS }, (index) => send(index));
  const all = workBetween(before, await readWork());
  const each = workOfEach({ all, idle, count: RECORDED, seconds: RECORDED / recorded });
  const refused = await rateOf({ count: REFUSED, workers: WORKERS }, (index) => send(index, 'no asset'));
  const bare = await rawExpress(BARE, { body: body(0), answer });
  const { seconds } = await barePartsOf(each, RECORDED);
  return {
    rows: { 'handler.recorded': recorded / bare, 'handler.refused': refused / bare },
    notes: {
      'handler.recorded_per_second': recorded,
      'handler.refused_per_second': refused,
      'raw.express': bare,
      'handler.recorded.bare_parts_per_second': 1 / seconds,
      'handler.recorded.bare_parts_by_express': 1 / seconds / bare,
    },
  };
}
