import { entropyToMnemonic, validateMnemonic } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { describe, expect, it } from 'vitest';
import { findSecret } from './secrets.ts';

const HEX = 'ab'.repeat(32);

describe('findSecret', () => {
  it.each([
    ['64 hex digits', HEX, 'private_key'],
    ['64 hex digits with 0x inside a sentence', `please use 0x${HEX} for now`, 'private_key'],
    // The example key of the Bitcoin wiki's page on the wallet import format.
    ['a WIF key', '5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ', 'wif'],
    // BIP 32, test vector 1, chain m.
    [
      'an extended private key',
      'xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi',
      'extended_private_key',
    ],
    // BIP 39, the first English test vector.
    [
      'a seed phrase',
      'my words: abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about!',
      'seed_phrase',
    ],
  ])('finds %s', (_, text, kind) => {
    expect(findSecret(text)).toBe(kind);
  });

  it.each([16, 20, 24, 28, 32])('finds a seed phrase of %i bytes among other words', (bytes) => {
    for (let fill = 0; fill < 256; fill += 1) {
      const phrase = entropyToMnemonic(new Uint8Array(bytes).fill(fill), wordlist);
      expect(findSecret(`Abandon: ${phrase.toUpperCase()}, zoo`)).toBe('seed_phrase');
    }
  });

  it.each([
    ['an address', '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'],
    ['a longer run of hex, such as signed bytes', `0x${HEX}00`],
    ['twelve words that fail the checksum', Array.from({ length: 12 }, () => 'abandon').join(' ')],
    ['prose', 'Payment for invoice 4711, please approve before noon'],
    [
      'a public extended key',
      'xpub661MyMwAqRbcFtXgS5sYJABqqG9YLmC4Q1Rdap9gSE8NqtwybGhePY2gZ29ESFjqJoCu1Rupje8YtGqsefD265TMg7usUDFdp6W1EGMcet8',
    ],
    ['nothing', ''],
  ])('lets %s pass', (_, text) => {
    expect(findSecret(text)).toBeNull();
  });

  it('takes for a seed phrase what the published check takes for one, wherever it stands in a text', () => {
    const next = createDice(4711);
    for (let round = 0; round < 60; round += 1) {
      const words = Array.from({ length: 10 + next(18) }, () => anyWord(next));
      const found = [words, findSecret(words.join(' '))];
      expect(found).toEqual([words, holdsPhrase(words) ? 'seed_phrase' : null]);
    }
  });
});

/** The same numbers in each run, each below the limit (Park and Miller's generator). */
function createDice(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % limit;
  };
}

function anyWord(next: (limit: number) => number): string {
  return next(30) === 0 ? 'invoice' : (wordlist[next(wordlist.length)] ?? 'zoo');
}

function holdsPhrase(words: readonly string[]): boolean {
  return words.some((_, start) =>
    [12, 15, 18, 21, 24].some((length) =>
      validateMnemonic(words.slice(start, start + length).join(' '), wordlist),
    ),
  );
}
