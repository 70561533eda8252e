import type { Command, CommandOf, CommandType, Facts } from './command.ts';
import { adopt, observe, spendOutside, unspend } from './decide-chain.ts';
import { cancel, create, deny, expire, submit } from './decide-life.ts';
import { approve, loseQuorum, reject, resolveQuorum } from './decide-quorum.ts';
import { dispatch, noteAccepted, noteRefused, noteStuck } from './decide-sending.ts';
import { acceptSignature, cancelOnChain, delay, displace, offerPayload, speedUp } from './decide-signing.ts';
import type { Outcome } from './outcome.ts';
import type { TxRequest } from './state.ts';

/** What a command leads to, given the request and the facts beside it. Total: it never throws for a refusal. */
export function decide(command: Command, state: TxRequest, facts: Facts): Outcome {
  return decided(command, state, facts);
}

type Decider<T extends CommandType> = (command: CommandOf<T>, state: TxRequest, facts: Facts) => Outcome;

const DECIDERS: { readonly [T in CommandType]: Decider<T> } = {
  create,
  submit,
  deny,
  cancel,
  expire,
  approve,
  reject,
  resolveQuorum,
  loseQuorum,
  offerPayload,
  displace,
  acceptSignature,
  delay,
  speedUp,
  cancelOnChain,
  dispatch,
  noteAccepted,
  noteRefused,
  noteStuck,
  observe,
  adopt,
  spendOutside,
  unspend,
};

/** The type parameter ties a command to its own decider. */
function decided<T extends CommandType>(command: CommandOf<T>, state: TxRequest, facts: Facts): Outcome {
  const decider: Decider<T> = DECIDERS[command.type];
  return decider(command, state, facts);
}
