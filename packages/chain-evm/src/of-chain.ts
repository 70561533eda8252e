import type { ChainFailure } from '@ironforge/chain-core';
import type { Endpoint, Turns } from './endpoint.ts';
import type { RpcAnswer } from './rpc-client.ts';

/** Which chain an endpoint must be of, by its EIP-155 number. */
export interface OfChainOptions {
  readonly chainNumber: number;
  readonly nowMs: () => number;
}

/** So long it is believed that an endpoint is of our chain; after an exchange that came to nothing it is asked anew. */
const BELIEVED_MS = 60_000;
/** So often one of another chain is asked whether it still is. */
const ASKED_AGAIN_MS = 2_000;

interface Belief {
  readonly foreign: ChainFailure | null;
  readonly untilMs: number;
}

const NO_BELIEF: Belief = { foreign: null, untilMs: Number.NEGATIVE_INFINITY };
const WHICH_CHAIN = { method: 'eth_chainId', params: [] };

/**
 * The endpoint, asked which chain it is of (EIP-695) before anything else is asked of it. One of another chain is never
 * used: every call is answered with `wrong_chain`, which is silence, until it says to be of ours.
 */
export function ofChain(endpoint: Endpoint, { chainNumber, nowMs }: OfChainOptions): Endpoint {
  let belief = NO_BELIEF;
  let asking: Promise<ChainFailure | null> | null = null;
  const examine = async (): Promise<ChainFailure | null> => {
    const [answer] = await endpoint.ask([WHICH_CHAIN]);
    const verdict = judge(answer, chainNumber);
    if (verdict === 'ours') belief = { foreign: null, untilMs: nowMs() + BELIEVED_MS };
    else if (verdict.reason === 'wrong_chain')
      belief = { foreign: verdict, untilMs: nowMs() + ASKED_AGAIN_MS };
    return verdict === 'ours' ? null : verdict;
  };
  const objection = async (): Promise<ChainFailure | null> => {
    if (nowMs() < belief.untilMs) return belief.foreign;
    asking ??= examine().finally(() => (asking = null));
    return await asking;
  };
  const asked = (turns: Turns): Turns['ask'] => {
    return async (calls) => {
      const failed = await objection();
      if (failed !== null) return calls.map(() => ({ failed }));
      const answers = await turns.ask(calls);
      // Another node may stand there when the line comes back.
      if (answers.every((answer) => 'failed' in answer)) belief = { ...belief, untilMs: nowMs() };
      return answers;
    };
  };
  const { unhurried } = endpoint;
  return {
    ...endpoint,
    isForeign: () => belief.foreign !== null,
    ask: asked(endpoint),
    unhurried: { ...unhurried, ask: asked(unhurried) },
  };
}

function judge(answer: RpcAnswer | undefined, chainNumber: number): 'ours' | ChainFailure {
  if (answer === undefined) return { reason: 'unreachable', detail: 'no answer' };
  if ('failed' in answer) return unsent(answer.failed);
  if ('error' in answer) return { reason: 'unreachable', detail: `eth_chainId: ${answer.error.message}` };
  const told = Number(answer.result);
  if (!Number.isSafeInteger(told)) return { reason: 'unreachable', detail: 'eth_chainId is no number' };
  if (told === chainNumber) return 'ours';
  return { reason: 'wrong_chain', detail: `a node of eip155:${told}, not of eip155:${chainNumber}` };
}

/** Whatever became of this question, the calls that wait for its answer never left. */
function unsent(failure: ChainFailure): ChainFailure {
  return failure.reason === 'unknown_outcome' ? { ...failure, reason: 'unreachable' } : failure;
}
