import { hear, type Whereabouts } from '@ironforge/chain-core';
import { isRecord, numberAt, quantityAt, textAt, textOrNullAt } from './json-reader.ts';
import { type RpcPool, resultOf } from './rpc-pool.ts';

/** The endpoints to ask for themselves, and how many must deny. */
export interface Sources {
  readonly each: readonly RpcPool[];
  readonly quorum: number;
}

/**
 * Where a transaction is. One endpoint that has it is enough; it is unknown only when as many as the quorum say so, and
 * nobody says otherwise. Throws `dependency_down` when too few answer.
 */
export async function find({ each, quorum }: Sources, hash: string): Promise<Whereabouts> {
  const seen: Whereabouts[] = [];
  const jury = { witnesses: each, quorum };
  await hear(jury, `is ${hash} known`, async (pool) => {
    const place = await findAt(pool, hash);
    seen.push(place);
    return place.state === 'unknown' ? 'no' : 'yes';
  });
  const has = (state: Whereabouts['state']) => seen.find((place) => place.state === state);
  return has('mined') ?? has('pending') ?? { state: 'unknown' };
}

async function findAt(pool: RpcPool, hash: string): Promise<Whereabouts> {
  const [transaction, receipt] = await pool.ask([
    { method: 'eth_getTransactionByHash', params: [hash] },
    { method: 'eth_getTransactionReceipt', params: [hash] },
  ]);
  const mined = resultOf(receipt);
  if (isRecord(mined)) return readMined(mined);
  return isRecord(resultOf(transaction)) ? { state: 'pending' } : { state: 'unknown' };
}

function readMined(receipt: Record<string, unknown>): Whereabouts {
  if (textOrNullAt(receipt, 'blockHash') === null) return { state: 'pending' };
  const place = { height: numberAt(receipt, 'blockNumber'), blockHash: textAt(receipt, 'blockHash') };
  return { state: 'mined', ...place, success: quantityAt(receipt, 'status') === 1n };
}
