import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressTerms, MAX_TERMS, termsIn, termsOf } from './terms-of.ts';

const ID = '25a883b1-3f0e-4c39-9c1c-1d2f7a1b9e55';
const ACCOUNT = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';

describe('the words of a text', () => {
  it.each([
    ['are in lower case and each once', 'Wallet wallet WALLET', ['wallet']],
    ['end where letters and digits end', 'tx_signed (by: Bob) 1.5', ['tx', 'signed', 'by', 'bob', '1', '5']],
    ['are those of any script, marks with their letters', 'Zürich — 東京 हिन्दी', ['zürich', '東京', 'हिन्दी']],
    ['are the same however an accent is written', 'Zu\u0308rich', ['z\u00fcrich']],
    ['keep a UUID whole', `wallet:${ID.toUpperCase()}`, ['wallet', ID]],
    ['take no UUID out of a longer word', `x${ID}`, ['x25a883b1', '3f0e', '4c39', '9c1c', '1d2f7a1b9e55']],
    ['keep a hash whole', `0x${'Ab'.repeat(32)}`, [`0x${'ab'.repeat(32)}`]],
    ['are none where there is no letter and no digit', ' -- ?', []],
    ['are the beginnings of long ones', 'a'.repeat(200), ['a'.repeat(80)]],
    ['cut no character in half', '𝒳𐐷'.repeat(60), ['x𐐷'.repeat(40)]],
  ])('%s', (_what, text, terms) => {
    expect(termsIn(text)).toEqual(terms);
  });
});

/** As the words are said to be, with no short cut. */
const PLAINLY =
  /(?<![\p{L}\p{M}\p{N}-])[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?![\p{L}\p{M}\p{N}-])|[\p{L}\p{M}\p{N}]+/gu;

it('the words of any text are the same by whichever way they are read', () => {
  const pieces = fc.oneof(
    fc.constantFrom(ID, ID.toUpperCase(), '-', ' ', ':', 'x', '7', 'é', 'e\u0301', '東'),
    fc.string({ maxLength: 5 }),
    fc.string({ unit: 'binary', maxLength: 3 }),
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 8 }), (parts) => {
      const text = parts.join('');
      const words = text.normalize('NFKC').toLowerCase().match(PLAINLY) ?? [];
      expect(termsIn(text)).toEqual([
        ...new Set(words.map((word) => Array.from(word).slice(0, 80).join(''))),
      ]);
    }),
  );
});

describe('the words of an entry', () => {
  it('are those of its texts and numbers at any depth, and no names of fields', () => {
    const details = { wallet: { name: 'Hot One', tags: ['eu', 7], isWatchOnly: false, policyId: null } };
    expect(termsOf({ type: 'wallet_created', status: 'success', details })).toEqual([
      'wallet',
      'created',
      'success',
      'hot',
      'one',
      'eu',
      '7',
    ]);
  });

  it('have whose log it is, and leave out what a search has bounds for', () => {
    const entry = { version: 1, tenantId: ID, sequence: 3, occurredAt: '2026-01-01T00:00:00.000Z' };
    expect(termsOf(entry)).toEqual([ID]);
  });

  it('never leave out what the API filters by, however much its details say', () => {
    const details = { words: Array.from({ length: 1_000 }, (_, index) => `word${index}`) };
    const terms = termsOf({ details, status: 'failure' });
    expect(terms).toHaveLength(MAX_TERMS);
    expect(terms).toContain('failure');
  });

  it('are found by each of them, and by all of a text together', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { maxLength: 20 }), (texts) => {
        const terms = new Set(termsOf({ details: texts }));
        for (const text of texts) for (const term of termsIn(text)) expect(terms).toContain(term);
      }),
    );
  });

  it('are few, short, without a space, valid UTF-8, and their own words', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (details) => {
        const terms = termsOf({ details });
        expect(terms.length).toBeLessThanOrEqual(MAX_TERMS);
        expect(new Set(terms).size).toBe(terms.length);
        for (const term of terms) {
          expect(Array.from(term).length).toBeLessThanOrEqual(80);
          expect(term).not.toMatch(/\s/u);
          expect(term.isWellFormed()).toBe(true);
        }
      }),
    );
  });
});

describe('the words of an address', () => {
  it.each([
    ['alone', ACCOUNT],
    ['of CAIP-10', `eip155:31337:${ACCOUNT}`],
    ['of CAIP-19', `eip155:1/erc20:${ACCOUNT}`],
    ['of CAIP-19 with a token id', `eip155:1/erc721:${ACCOUNT}/771`],
  ])('%s are those of the address, in lower case', (_what, address) => {
    expect(addressTerms(address)).toEqual([ACCOUNT.toLowerCase()]);
  });
});
