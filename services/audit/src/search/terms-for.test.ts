import { describe, expect, it } from 'vitest';
import { termsFor } from './terms-for.ts';

describe('the terms of a search', () => {
  it.each([
    ['are none without a question', {}, {}, []],
    ['are none where an index has the order', {}, { resourceType: 'wallet', resourceId: 'w-1' }, []],
    ['are none for a time alone', {}, { from: '2026-01-01T00:00:00Z' }, []],
    ['are those of its words', { q: 'Cold Store' }, {}, ['cold', 'store']],
    ['are those of its address', { address: 'eip155:1:0xAb' }, {}, ['0xab']],
    ['are those of a column without an index', {}, { status: 'failure' }, ['failure']],
    [
      'are those of columns whose indexes do not meet',
      {},
      { type: 'tx_signed', txHash: '0xab' },
      ['tx', 'signed', '0xab'],
    ],
    [
      'are those of its words and its columns, each once',
      { q: 'cold' },
      { action: 'cold', type: 'x' },
      ['cold', 'x'],
    ],
  ])('%s', (_what, words, filter, terms) => {
    expect(termsFor(words, filter)).toEqual(terms);
  });

  it('refuse a filter without a word that no index serves: it would read the whole log', () => {
    const invalid = {
      code: 'validation_failed',
      errors: [{ pointer: '/query/action', code: 'invalid_value' }],
    };
    expect(() => termsFor({}, { action: '-' })).toThrow(expect.objectContaining(invalid));
    expect(termsFor({}, { type: '-' })).toEqual([]);
  });

  it.each([{ q: '' }, { q: '?!' }, { address: '--' }])('refuse %j, which has no word', (words) => {
    expect(() => termsFor(words, {})).toThrow(expect.objectContaining({ code: 'validation_failed' }));
  });
});
