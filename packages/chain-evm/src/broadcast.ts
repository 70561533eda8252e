import type { BroadcastOutcome } from '@ironforge/chain-core';
import { hasCode } from '@ironforge/kernel';
import type { Endpoint } from './endpoint.ts';
import { find, type Sources } from './find.ts';
import { foldRefusals, isTaken, type SendAnswer } from './fold-refusals.ts';
import { translateNodeError } from './node-errors.ts';
import type { EndpointPool } from './rpc-pool.ts';

/** Where bytes are sent to, and how many endpoints get them at once. */
export interface Senders extends Sources {
  readonly askable: EndpointPool['askable'];
  readonly broadcastTo: number;
}

/** So long bytes wait for an endpoint whose allowance is used up for the moment. */
const PATIENCE_MS = 2_000;

/**
 * Sends signed bytes to all endpoints that may be asked, or to so many first, and to the others when none of these takes
 * them. Accepted by one is accepted. Whatever they say, a hash that some node has or mined is accepted, too: "nonce too
 * low" is what a node says about a transaction that it mined itself, and one whose answer was lost may have taken it.
 */
export async function broadcast(senders: Senders, bytes: string, hash: string): Promise<BroadcastOutcome> {
  const endpoints = senders.askable(PATIENCE_MS);
  const first = await sendToAll(endpoints.slice(0, senders.broadcastTo), bytes);
  if (first.some(isTaken)) return { accepted: true };
  const others = await sendToAll(endpoints.slice(senders.broadcastTo), bytes);
  if (others.some(isTaken) || (await isKnown(senders, hash))) return { accepted: true };
  return { refused: foldRefusals([...first, ...others].filter((answer) => answer !== null)) };
}

/**
 * All answers in the order of preference, or as soon as one endpoint took the bytes those that came until then: a slow one
 * holds nobody up, and a fast one does not decide what is told.
 */
async function sendToAll(endpoints: readonly Endpoint[], bytes: string): Promise<readonly SendAnswer[]> {
  const { promise: taken, resolve } = Promise.withResolvers<void>();
  const answers: (SendAnswer | undefined)[] = endpoints.map(() => undefined);
  const sendings = endpoints.map(async (endpoint, index) => {
    const answer = await sendTo(endpoint, bytes);
    answers[index] = answer;
    if (isTaken(answer)) resolve();
  });
  await Promise.race([taken, Promise.all(sendings)]);
  return answers.filter((answer) => answer !== undefined);
}

async function sendTo(endpoint: Endpoint, bytes: string): Promise<SendAnswer> {
  const [answer] = await endpoint.ask([{ method: 'eth_sendRawTransaction', params: [bytes] }]);
  if (answer === undefined) return { reason: 'unknown_outcome', detail: 'no answer' };
  if ('failed' in answer) return answer.failed;
  return 'error' in answer ? translateNodeError(answer.error) : null;
}

// When nobody can tell, the refusal we have stands: the bytes are sent again later in any case.
async function isKnown(sources: Sources, hash: string): Promise<boolean> {
  try {
    return (await find(sources, hash)).state !== 'unknown';
  } catch (error) {
    if (hasCode(error, 'dependency_down')) return false;
    throw error;
  }
}
