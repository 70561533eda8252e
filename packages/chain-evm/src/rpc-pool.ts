import type { ChainFailure } from '@ironforge/chain-core';
import { AppError } from '@ironforge/kernel';
import { translateNodeError } from './node-errors.ts';
import type { RpcAnswer, RpcCall, RpcClient } from './rpc-client.ts';

/** The endpoints of one chain, in the order of preference. */
export interface RpcPool {
  readonly clients: readonly RpcClient[];
  /** Answers of the first endpoint that answers at all. Throws `dependency_down` when none does. */
  ask(calls: readonly RpcCall[]): Promise<readonly RpcReply[]>;
}

/** An answer that a node did give. */
export type RpcReply = Exclude<RpcAnswer, { failed: ChainFailure }>;

/** Reads over several endpoints: the next one is asked only when one did not answer, or was asked too often. */
export function createRpcPool(clients: readonly RpcClient[]): RpcPool {
  return {
    clients,
    async ask(calls) {
      const failures: ChainFailure[] = [];
      for (const client of clients) {
        const replies = allReplied(await client.batch(calls), failures);
        if (replies !== null) return replies;
      }
      throw nodeDown(failures);
    },
  };
}

/** The one value that was asked for. Throws `dependency_down` when the node refused to tell. */
export async function askOne(pool: RpcPool, method: string, params: readonly unknown[]): Promise<unknown> {
  const [reply] = await pool.ask([{ method, params }]);
  return resultOf(reply);
}

/** The value of a reply. Throws `dependency_down` with the node's text when it is an error. */
export function resultOf(reply: RpcReply | undefined): unknown {
  if (reply !== undefined && 'result' in reply) return reply.result;
  throw new AppError('dependency_down', { retry: 'later', detail: reply?.error.message ?? 'no answer' });
}

function allReplied(answers: readonly RpcAnswer[], failures: ChainFailure[]): readonly RpcReply[] | null {
  const replies: RpcReply[] = [];
  for (const answer of answers) {
    const failure = silenceOf(answer);
    if (failure !== null) failures.push(failure);
    if (failure !== null || 'failed' in answer) return null;
    replies.push(answer);
  }
  return replies;
}

/** Why an answer tells nothing about what was asked: none came, or the endpoint would not be asked now. */
function silenceOf(answer: RpcAnswer): ChainFailure | null {
  if ('failed' in answer) return answer.failed;
  const failure = 'error' in answer ? translateNodeError(answer.error) : null;
  return failure?.reason === 'rate_limited' ? failure : null;
}

function nodeDown(failures: readonly ChainFailure[]): AppError {
  const detail = `no node answers: ${failures.map((failure) => failure.detail).join('; ')}`;
  return new AppError('dependency_down', { retry: 'later', detail });
}
