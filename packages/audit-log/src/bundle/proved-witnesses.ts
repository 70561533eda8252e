import type { WitnessKey } from '../note/keys.ts';
import type { Cosigned } from '../note/verify-checkpoint.ts';
import type { ProvedWitnesses } from './verdict.ts';

/** Which of the known witnesses saw a tree. Whoever brings keys of witnesses wants at least one of them to have seen it. */
export function provedWitnesses(
  cosigned: readonly Cosigned[],
  witnessKeys: readonly WitnessKey[],
):
  | { readonly proved: ProvedWitnesses }
  | { readonly rejected: 'not_cosigned' }
  | { readonly unproved: 'no_witness_key' } {
  if (witnessKeys.length === 0) return { unproved: 'no_witness_key' };
  if (cosigned.length === 0) return { rejected: 'not_cosigned' };
  const seenBy = cosigned.map(({ witness, timeSeconds }) => ({ name: witness.name, timeSeconds }));
  const silent = witnessKeys.filter((key) => !cosigned.some(({ witness }) => witness === key));
  return { proved: { cosigned: seenBy, silent: silent.map(({ name }) => name) } };
}
