import type { BroadcastOutcome, ChainFailure, Whereabouts } from '@ironforge/chain-core';
import { isTransportFailure } from '@ironforge/chain-core';
import { hasCode, present } from '@ironforge/kernel';
import { isRecord, numberAt, quantityAt, textAt, textOrNullAt } from './json-reader.ts';
import { translateNodeError } from './node-errors.ts';
import type { RpcAnswer, RpcClient } from './rpc-client.ts';
import { createRpcPool, type RpcPool, resultOf } from './rpc-pool.ts';

/**
 * Sends signed bytes to the endpoints in turn until one takes them. Whatever a node says, a hash that some node
 * has or mined is accepted: "nonce too low" is what one says about a transaction that it mined itself.
 */
export async function broadcast(pool: RpcPool, bytes: string, hash: string): Promise<BroadcastOutcome> {
  const failures: ChainFailure[] = [];
  for (const client of pool.clients) {
    const failure = await sendTo(client, bytes);
    if (failure === null || failure.reason === 'already_known') return { accepted: true };
    failures.push(failure);
  }
  if (await isKnown(pool, hash)) return { accepted: true };
  return {
    refused: present(failures.find((failure) => !isTransportFailure(failure)) ?? failures[0], 'an endpoint'),
  };
}

/** Where a transaction is. One endpoint that has it is enough; every one must answer before it is called unknown. Throws `dependency_down`. */
export async function find(pool: RpcPool, hash: string): Promise<Whereabouts> {
  const asked = pool.clients.map((client) => findAt(createRpcPool([client]), hash));
  const answers = await Promise.allSettled(asked);
  const seen = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
  const found = seen.find(({ state }) => state === 'mined') ?? seen.find(({ state }) => state === 'pending');
  if (found !== undefined) return found;
  await Promise.all(asked); // throws for an endpoint that did not answer
  return { state: 'unknown' };
}

async function sendTo(client: RpcClient, bytes: string): Promise<ChainFailure | null> {
  const [answer] = await client.batch([{ method: 'eth_sendRawTransaction', params: [bytes] }]);
  return failureOf(present(answer, 'the answer to the one call'));
}

function failureOf(answer: RpcAnswer): ChainFailure | null {
  if ('failed' in answer) return answer.failed;
  return 'error' in answer ? translateNodeError(answer.error) : null;
}

// When nobody can tell, the refusal we have stands: the bytes are sent again later in any case.
async function isKnown(pool: RpcPool, hash: string): Promise<boolean> {
  try {
    return (await find(pool, hash)).state !== 'unknown';
  } catch (error) {
    if (hasCode(error, 'dependency_down')) return false;
    throw error;
  }
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
