import { randomBytes } from 'node:crypto';
import { HDNodeWallet, Mnemonic, encodeBase58, sha256 } from 'ethers';

const mnemonic = Mnemonic.fromEntropy(randomBytes(16));

/** New secrets of every kind for each run, so that a trace of one in a log can only come from this run. */
export const SECRETS = {
  hexKey: `0x${randomBytes(32).toString('hex')}`,
  mnemonic: mnemonic.phrase,
  wif: wifOf(randomBytes(32)),
  extendedKey: HDNodeWallet.fromMnemonic(mnemonic).extendedKey,
} as const;

// Wallet import format: version 0x80, the key, 0x01 for a compressed public key, four bytes of double SHA-256.
function wifOf(key: Uint8Array): string {
  const payload = `0x80${Buffer.from(key).toString('hex')}01`;
  return encodeBase58(payload + sha256(sha256(payload)).slice(2, 10));
}
