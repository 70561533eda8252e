import { CHAIN_FAILURE_REASONS, type ChainFailure, isTransportFailure } from '@ironforge/chain-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldRefusals, isTaken } from './fold-refusals.ts';

const failure = fc.record({ reason: fc.constantFrom(...CHAIN_FAILURE_REASONS), detail: fc.string() });
const of = (...reasons: ChainFailure['reason'][]) =>
  foldRefusals(reasons.map((reason) => ({ reason, detail: reason }))).reason;

const refusal = (detail: string): ChainFailure => ({ reason: 'underpriced', detail });

describe('what several endpoints say to the same bytes', () => {
  it('is acceptance when one took them, or knew them, and by no other word', () => {
    expect(isTaken(null)).toBe(true);
    for (const reason of CHAIN_FAILURE_REASONS)
      expect(isTaken({ reason, detail: '' })).toBe(reason === 'already_known');
  });

  it('is the judgement of the highest rank, whoever answered first, and of equal ones that of the preferred endpoint', () => {
    expect(of('unreachable', 'underpriced', 'nonce_too_low')).toBe('nonce_too_low');
    expect(of('refused', 'insufficient_funds')).toBe('insufficient_funds');
    expect(foldRefusals([refusal('a'), refusal('b')]).detail).toBe('a');
    fc.assert(
      fc.property(fc.uniqueArray(failure, { selector: ({ reason }) => reason, minLength: 1 }), (failures) => {
        const judged = failures.some((one) => !isTransportFailure(one));
        fc.pre(judged);
        expect(foldRefusals(failures.toReversed())).toBe(foldRefusals(failures));
      }),
    );
  });

  it('is no silence where somebody judged, and of silences the one after which the bytes may be on their way', () => {
    expect(of('rate_limited', 'refused')).toBe('refused');
    expect(of('rate_limited', 'unknown_outcome', 'unreachable')).toBe('unknown_outcome');
    expect(of('rate_limited', 'unreachable')).toBe('rate_limited');
    expect(of()).toBe('unreachable');
  });

  it('is silence only when nobody judged', () => {
    fc.assert(
      fc.property(fc.array(failure, { minLength: 1, maxLength: 5 }), (failures) => {
        const folded = foldRefusals(failures);
        expect(failures).toContain(folded);
        expect(isTransportFailure(folded)).toBe(failures.every(isTransportFailure));
      }),
    );
  });
});
