import { sha256 } from '@noble/hashes/sha2.js';
import { createBase58check } from '@scure/base';
import { wordlist } from '@scure/bip39/wordlists/english.js';

/** The kinds of secret that people paste by mistake. */
export type SecretKind = 'private_key' | 'wif' | 'extended_private_key' | 'seed_phrase';

const HEX_KEY = /(?<![0-9a-fA-F])(?:0x)?[0-9a-fA-F]{64}(?![0-9a-fA-F])/;
const BASE58_TOKEN = /[1-9A-HJ-NP-Za-km-z]{51,112}/g;
const WIF_VERSIONS = new Set([0x80, 0xef]);
const PHRASE_LENGTHS = [24, 21, 18, 15, 12];

const base58check = createBase58check(sha256);

/**
 * Finds a private key (64 hex digits), a WIF key, an extended private key (BIP 32) or a checksum-valid
 * seed phrase (BIP 39, English) anywhere in a text; null when there is none.
 */
export function findSecret(text: string): SecretKind | null {
  if (HEX_KEY.test(text)) return 'private_key';
  return findBase58Secret(text) ?? (holdsSeedPhrase(text) ? 'seed_phrase' : null);
}

function findBase58Secret(text: string): SecretKind | null {
  for (const [token] of text.matchAll(BASE58_TOKEN)) {
    const kind = /^[a-zA-Z]prv/.test(token) ? 'extended_private_key' : wifKind(token);
    if (kind !== null) return kind;
  }
  return null;
}

function wifKind(token: string): SecretKind | null {
  try {
    const payload = base58check.decode(token);
    const isWif = WIF_VERSIONS.has(payload[0] ?? 0) && (payload.length === 33 || payload.length === 34);
    return isWif ? 'wif' : null;
  } catch {
    return null; // not Base58Check at all, so no key
  }
}

function holdsSeedPhrase(text: string): boolean {
  const words = text
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '');
  return runsOf(words).some((run) =>
    run.some((_, start) => PHRASE_LENGTHS.some((length) => hasChecksum(run, start, length))),
  );
}

const PLACES = new Map(wordlist.map((word, place) => [word, place]));

/** The stretches of words of the list that follow one another, each word as its place in the list. */
function runsOf(words: readonly string[]): number[][] {
  const runs: number[][] = [[]];
  for (const word of words) {
    const place = PLACES.get(word);
    if (place === undefined) runs.push([]);
    else runs.at(-1)?.push(place);
  }
  return runs;
}

/**
 * True when the words from `start` on are a phrase: each holds 11 bits, the last length / 3 bits of all are the first ones
 * of the SHA-256 of the others (BIP 39). The library's own check takes 0.2 ms, and making texts of bits a fifth of that:
 * both too long for each word of a long text.
 */
function hasChecksum(places: readonly number[], start: number, length: number): boolean {
  if (start + length > places.length) return false;
  const [entropyBytes, checksumBits] = [(length * 4) / 3, length / 3];
  const bytes = packed(places.slice(start, start + length));
  const [first = 0] = sha256(bytes.subarray(0, entropyBytes));
  return (first ^ (bytes[entropyBytes] ?? 0)) >> (8 - checksumBits) === 0;
}

/** Numbers of 11 bits one behind the other, with four bytes to spare. */
function packed(places: readonly number[]): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(Math.ceil((places.length * 11) / 8) + 4));
  for (const [index, place] of places.entries()) {
    const [byte, bit] = [Math.floor((index * 11) / 8), (index * 11) % 8];
    bytes.setUint32(byte, bytes.getUint32(byte) | (place << (32 - 11 - bit)));
  }
  return new Uint8Array(bytes.buffer);
}
