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
