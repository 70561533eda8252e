import {
  cosign,
  decideAsWitness,
  formatSignature,
  type LogKey,
  WITNESS_REFUSALS,
  type WitnessDecision,
  type WitnessSigner,
} from '@ironforge/audit-log';
import type { WitnessState } from './witness-state.ts';

/** What a witness stands on. */
export interface Witness {
  readonly signer: WitnessSigner;
  readonly logKeys: readonly LogKey[];
  readonly state: Pick<WitnessState, 'lastOf' | 'keep'>;
  readonly clock: () => Date;
  readonly say: (line: string) => void;
}

/** An answer over HTTP. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

/**
 * Answers the body of an `add-checkpoint` (C2SP tlog-witness). From the look at the last head until the new one is on the disk
 * nothing is awaited, so no other request comes between. Throws when the head cannot be read or kept: then nothing is signed.
 */
export function answerCheckpoint(witness: Witness, body: string): Answer {
  const { signer, logKeys, state, clock } = witness;
  const decision = decideAsWitness(body, { logKeys, lastOf: state.lastOf });
  if (!('cosign' in decision)) return refusal(witness, decision);
  state.keep(decision.cosign);
  const seconds = Math.floor(clock().getTime() / 1000);
  return {
    status: 200,
    type: TEXT,
    text: `${formatSignature(cosign(decision.cosign.text, seconds, signer))}\n`,
  };
}

const TEXT = 'text/plain; charset=utf-8';

function refusal({ say }: Witness, decision: Exclude<WitnessDecision, { cosign: unknown }>): Answer {
  if ('conflict' in decision) {
    if (decision.conflict === 'other_root')
      say(`not cosigned: another root at size ${decision.size}, signed by the log`);
    return { status: 409, type: 'text/x.tlog.size', text: `${decision.size}\n` };
  }
  if (decision.refused === 'wrong_proof')
    say('not cosigned: a checkpoint, signed by the log, that is not shown to go on');
  return { status: WITNESS_REFUSALS[decision.refused], type: TEXT, text: `${decision.refused}\n` };
}
