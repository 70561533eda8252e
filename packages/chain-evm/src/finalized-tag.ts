import { hasCode } from '@ironforge/kernel';
import { isRecord, numberAt } from './json-reader.ts';
import type { RpcPool } from './rpc-pool.ts';

/** So many endpoints must tell the tag, where there are so many: what is final is never undone, so one must not say it alone. */
const SOURCES = 2;

/** The lowest `finalized` height of the endpoints that tell one; null when too few do, for want of the tag or of an answer. */
export async function finalizedTag(each: readonly RpcPool[]): Promise<number | null> {
  const told = await Promise.all(each.map(tagOf));
  const heights = told.filter((height) => height !== null);
  return heights.length < Math.min(SOURCES, each.length) ? null : Math.min(...heights);
}

// A node that does not know the tag answers with an error: that is "none yet", and depth below it stays open.
async function tagOf(pool: RpcPool): Promise<number | null> {
  const call = { method: 'eth_getBlockByNumber', params: ['finalized', false] };
  const [reply] = await pool.ask([call]).catch(unlessSilent);
  return reply !== undefined && 'result' in reply && isRecord(reply.result)
    ? numberAt(reply.result, 'number')
    : null;
}

function unlessSilent(error: unknown): [] {
  if (hasCode(error, 'dependency_down')) return [];
  throw error;
}
