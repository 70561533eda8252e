import { isTransportFailure } from '@ironforge/chain-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NODE_ANSWERS } from './node-answers.fixture.ts';
import { translateNodeError } from './node-errors.ts';
import { PROVIDER_ANSWERS } from './provider-answers.fixture.ts';

describe('translateNodeError', () => {
  describe.each([...NODE_ANSWERS, ...PROVIDER_ANSWERS])('understands $of ($source)', ({ answers }) => {
    it.each(answers)('%s', (message, reason) => {
      expect(translateNodeError({ code: -32000, message })).toEqual({ reason, detail: message });
    });
  });

  it('reads the text alone: the same code means a gas limit at Besu and a rate limit elsewhere', () => {
    const meant = (message: string) => translateNodeError({ code: -32005, message }).reason;
    expect(meant('Transaction gas limit exceeds block gas limit')).toBe('gas_limit');
    expect(meant('daily request count exceeded, request rate limited')).toBe('rate_limited');
  });

  it('lets a contract say anything: what it reverts with is not what a pool says', () => {
    const texts = [...NODE_ANSWERS, ...PROVIDER_ANSWERS].flatMap(({ answers }) => answers);
    fc.assert(
      fc.property(fc.constantFrom(...texts), ([text]) => {
        const error = { code: 3, message: `execution reverted: ${text}` };
        expect(translateNodeError(error).reason).toBe('reverted');
      }),
    );
  });

  it('hears no word inside another: an unknown transaction is none that a node knows', () => {
    const meant = (message: string) => translateNodeError({ code: -32000, message }).reason;
    expect(meant('unknown transaction type')).toBe('unsupported');
    expect(meant('unknown transaction')).toBe('refused');
    expect(meant('known transaction: 0x12')).toBe('already_known');
    expect(meant('corporate limit')).toBe('refused');
  });

  it('understands the like of it, wherever the words stand', () => {
    const meant = (message: string) => translateNodeError({ code: -32600, message }).reason;
    expect(
      ['HTTP: limit exceeded', 'Monthly quota exceeded', 'You have exceeded the monthly quota'].map(meant),
    ).toEqual(['rate_limited', 'rate_limited', 'rate_limited']);
    expect(['rpc method is not whitelisted', 'method not allowed'].map(meant)).toEqual([
      'unsupported',
      'unsupported',
    ]);
    expect(meant('max code size or gas limit exceeded')).toBe('refused');
  });

  it('calls what nobody knows a refusal, with the text kept for people; it is no silence of the node', () => {
    const failure = translateNodeError({ code: 1, message: 'computer says no' });
    expect(failure).toEqual({ reason: 'refused', detail: 'computer says no' });
    expect(isTransportFailure(failure)).toBe(false);
  });
});
