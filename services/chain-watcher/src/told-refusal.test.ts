import { CHAIN_FAILURE_REASONS, type ChainFailureReason, isTransportFailure } from '@ironforge/chain-core';
import { describe, expect, it } from 'vitest';
import { toldRefusal } from './told-refusal.ts';

const told = (reason: ChainFailureReason) => toldRefusal({ reason, detail: '' });

describe('how a refusal is told', () => {
  it.each([
    ['unknown_outcome', 'outcome_unknown'],
    ['insufficient_funds', 'insufficient_funds'],
    ['nonce_too_low', 'nonce_too_low'],
    ['underpriced', 'underpriced'],
    ['nonce_taken', 'underpriced'],
    ['pool_full', 'refused_by_node'],
    ['refused', 'refused_by_node'],
  ] as const)('%s is told as %s', (reason, expected) => {
    expect(told(reason)).toBe(expected);
  });

  it('what never left is not told, and of silence alone the kind after which bytes may be on their way is', () => {
    const untold = CHAIN_FAILURE_REASONS.filter((reason) => told(reason) === null);
    expect(untold.toSorted()).toEqual(['rate_limited', 'unreachable', 'wrong_chain']);
    const silences = CHAIN_FAILURE_REASONS.filter((reason) => isTransportFailure({ reason, detail: '' }));
    expect(silences.filter((reason) => told(reason) !== null)).toEqual(['unknown_outcome']);
  });
});
