import { z } from 'zod';
import { chain } from '../../world/environment.ts';
import { openClient } from './client.ts';

const Reply = z.object({ result: z.unknown(), error: z.object({ message: z.string() }).optional() });
const node = openClient(chain.rpcUrl, null);
const path = new URL(chain.rpcUrl).pathname;

/** Asks the node over a kept connection. Throws with the node's words when it refuses. */
export async function rpc(method: string, ...params: readonly unknown[]): Promise<unknown> {
  const { body } = await node.send('POST', path, { jsonrpc: '2.0', id: 1, method, params });
  const { result, error } = Reply.parse(body);
  if (error !== undefined) throw new Error(`${method}: ${error.message}`);
  return result;
}

/** Asks several things at once. Throws when the node refuses one of them. */
export async function rpcBatch(calls: readonly (readonly [string, ...unknown[]])[]): Promise<void> {
  const requests = calls.map(([method, ...params], id) => ({ jsonrpc: '2.0', id, method, params }));
  const { body } = await node.send('POST', path, requests);
  const failed = z
    .array(Reply)
    .parse(body)
    .find(({ error }) => error !== undefined);
  if (failed !== undefined) throw new Error(`the node refused: ${failed.error?.message}`);
}
