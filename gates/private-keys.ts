import type { Finding, Gate } from './gate.ts';
import type { Tree } from './tree.ts';

/**
 * No private key in any file: in PEM, as a JWK, or as 64 hexadecimal digits that the text around calls a key. anvil's
 * development keys may stand in tests and where the local installation is made; a published vector says so beside it.
 */
export const privateKeys: Gate = {
  name: 'private-keys',
  find: (tree) => tree.files.filter((file) => !UNREAD.test(file)).flatMap((file) => keyFindings(file, tree)),
};

const UNREAD = /^pnpm-lock\.yaml$|\.(?:png|ico|woff2)$/;
const DEVELOPMENT_PLACES = /^(?:packages\/(?:cli|testing)|e2e|gates)\/|\.test\.ts$|^(?:README\.md|docs\/)/;
const HEX_32_BYTES = /(?<![0-9a-zA-Z])(?:0x)?(?<digits>[0-9a-fA-F]{64})(?![0-9a-zA-Z])/g;
const CALLED_A_KEY = /priv|secret|signer|signing|mnemonic|\bpk\b|wallet\(|key(?!ed|s?_?hash|.{0,4}hash)/i;
const PUBLISHED = /published|test vector/i;

/** The first account of anvil's and Hardhat's published phrase, and those that follow it. */
const ANVIL_KEYS = [
  'ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80',
  '59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d',
  '5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a',
  '7c852118294e51e653712a81e05800f419141751be58f605c371e15141b007a6',
  '47e179ec197488593b187f80a00eb0da91f1b9d0b13f8733639f19c30a34926a',
  '8b3a350cf5c34c9194ca85829a2df0ec3153be0318b5e2d3348e872092edffba',
  '92db14e403b83dfe3df233f83dfa3a0d7096f21ca9b0d6d6b8d88b2b4ec1564e',
  '4bbbf85ce3377467afe5d46f804f221813b2bb87f24d81f60f1fcdbf7cbf4356',
  'dbda1821b80551c9d65939329250298aa3472ba22feea921c0cf5d620ea67b97',
  '2a871d0798f97d79848a013d4936a73bf4cc922c825d33c1cf7073dff6d409c6',
];

function keyFindings(file: string, tree: Tree): Finding[] {
  const lines = tree.read(file).split('\n');
  return lines.flatMap((line, index) => {
    const around = lines.slice(Math.max(0, index - 2), index + 1).join('\n');
    if (PUBLISHED.test(around)) return [];
    return [...encodedKeys(line), ...hexKeys(line, { file, around })].map((what) => ({
      file,
      line: index + 1,
      what,
      fix: FIX,
    }));
  });
}

const FIX = 'read it from a file or make it when needed; a published vector says "published" beside it';

/** Short keys that secretlint passes over: PEM of elliptic curves, and the private part of a JWK (RFC 7518, RFC 8037). */
function encodedKeys(line: string): string[] {
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(line)) return ['a private key (PEM)'];
  return /\bd["']?\s*:\s*["'][A-Za-z0-9_-]{43}["']/.test(line) ? ['a private key (JWK)'] : [];
}

interface Surroundings {
  readonly file: string;
  readonly around: string;
}

function hexKeys(line: string, { file, around }: Surroundings): string[] {
  return [...line.matchAll(HEX_32_BYTES)].flatMap(({ groups }) => {
    const digits = (groups?.digits ?? '').toLowerCase();
    if (!ANVIL_KEYS.includes(digits)) return isCalledKey(digits, around) ? [HEX_KEY] : [];
    return DEVELOPMENT_PLACES.test(file)
      ? []
      : ["one of anvil's keys outside tests and the local installation"];
  });
}

const HEX_KEY = 'what looks like a private key (64 hexadecimal digits)';

/** Digits of few kinds (0x4646…46) are an example to everybody. */
function isCalledKey(digits: string, around: string): boolean {
  return CALLED_A_KEY.test(around) && new Set(digits).size > 4;
}
