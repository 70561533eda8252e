import { landed, pace } from '../load/flight.ts';
import { environment } from '../../world/environment.ts';
import { query } from '../probe/database.ts';
import { readWork, workBetween } from '../probe/work.ts';
import { processorSeconds } from '../probe/processes.ts';
import { rpc } from '../load/rpc.ts';
import type { Found } from './row.ts';
import type { Stage } from './stage.ts';

const MANY = 100_000;
const PACE = { perSecond: 3, seconds: 10 };

/** What a block costs the watcher when nobody's addresses are watched beside, and when a hundred thousand are. */
export async function addresses(stage: Stage): Promise<Found> {
  const few = await costOfBlock(stage);
  await query(WATCH_MANY, [MANY, environment.tenantId, environment.chains[0]?.chainId]);
  await query('ANALYZE watched_addresses');
  const many = await costOfBlock(stage);
  await query('DELETE FROM watched_addresses WHERE tenant_id = $1', [environment.tenantId]);
  return {
    rows: { 'watcher.addresses': many / few },
    notes: { 'watcher.block_ms_few': few, 'watcher.block_ms_many': many },
  };
}

/** Processor time of the watcher, and time of statements in the database, in milliseconds a block. */
async function costOfBlock(stage: Stage): Promise<number> {
  const crew = await stage.hire('P');
  const before = await reading();
  await landed(stage.keep(await pace(crew, { assetId: crew.native, ...PACE })));
  const after = await reading();
  const processorMs = (after.processor - before.processor) * 1_000;
  return (processorMs + workBetween(before.work, after.work).execMs) / (after.height - before.height);
}

async function reading() {
  const [processor, work, height] = await Promise.all([
    processorSeconds('chain-watcher-evm'),
    readWork(['ironforge_system']),
    rpc('eth_blockNumber'),
  ]);
  return { processor, work, height: Number(height) };
}

/** Above it an address is swept: a sweep asks for each balance at its own pace, and is no cost of a block. */
const NEVER = 2 ** 50;

const WATCH_MANY = `
  INSERT INTO watched_addresses (tenant_id, wallet_id, user_id, from_height, chain_id, address)
  SELECT CAST($2 AS UUID), gen_random_uuid(), gen_random_uuid(), ${NEVER}, $3, '0x' || substr(md5(CAST(n AS TEXT)) || md5('x' || n), 1, 40)
  FROM generate_series(1, CAST($1 AS INT4)) n ON CONFLICT DO NOTHING`;
