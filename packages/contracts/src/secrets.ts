import { sha256 } from '@noble/hashes/sha2.js';
import { createBase58check } from '@scure/base';
import { validateMnemonic } from '@scure/bip39';
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
  const places = words.map((word) => PLACES.get(word));
  return words.some((_, start) =>
    PHRASE_LENGTHS.some(
      (length) =>
        hasChecksum(places.slice(start, start + length), length) &&
        validateMnemonic(words.slice(start, start + length).join(' '), wordlist),
    ),
  );
}

const PLACES = new Map(wordlist.map((word, place) => [word, place]));

/**
 * True when these words may be a phrase: each holds 11 bits, the last length / 3 bits of all are the first ones of the
 * SHA-256 of the others (BIP 39). The library's own check takes 0.2 ms, too long for each word of a long text.
 */
function hasChecksum(places: readonly (number | undefined)[], length: number): boolean {
  if (places.length < length || places.includes(undefined)) return false;
  const bits = places.map((place) => (place ?? 0).toString(2).padStart(11, '0')).join('');
  const [entropy, checksum] = [bits.slice(0, (length * 32) / 3), bits.slice((length * 32) / 3)];
  const bytes = (entropy.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2));
  const [first = 0] = sha256(Uint8Array.from(bytes));
  return first.toString(2).padStart(8, '0').startsWith(checksum);
}
