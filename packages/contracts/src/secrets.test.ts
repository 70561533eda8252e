import { entropyToMnemonic } from '@scure/bip39';
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
});
