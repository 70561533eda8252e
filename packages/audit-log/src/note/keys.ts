import { assert } from '@ironforge/kernel';
import { ed25519 } from '@noble/curves/ed25519.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { isKeyName, keyIdOf } from './key-name.ts';

/** What a key signs: a log the text of a note, a witness a time and the text of a checkpoint. Both are Ed25519 (RFC 8032). */
export type Role = 'log' | 'witness';

/** The signature types of C2SP: 0x01 in signed-note, 0x04 in tlog-cosignature. */
export const TYPE_BYTES: Readonly<Record<Role, number>> = { log: 0x01, witness: 0x04 };

/** How long a public key and a seed are, in bytes (RFC 8032 §5.1.5). */
export const KEY_BYTES = 32;

/** By what signatures are verified; `keyId` is eight hexadecimal digits. */
export interface VerifierKey<R extends Role> {
  readonly role: R;
  readonly name: string;
  readonly keyId: string;
  readonly publicKey: Uint8Array;
}

/** The key of a log, whose name is the origin of its checkpoints. */
export type LogKey = VerifierKey<'log'>;

/** The key of a witness. */
export type WitnessKey = VerifierKey<'witness'>;

/** Who signs: a name and the secret seed of an Ed25519 key. It is never logged, stored or sent. */
export interface Signer<R extends Role> {
  readonly role: R;
  readonly name: string;
  readonly keyId: string;
  readonly seed: Uint8Array;
}

/** Who signs checkpoints of a log. */
export type LogSigner = Signer<'log'>;

/** Who cosigns checkpoints of others. */
export type WitnessSigner = Signer<'witness'>;

/** The key of a log from its name and 32 bytes of public key. */
export function logKey(name: string, publicKey: Uint8Array): LogKey {
  return verifierKey('log', name, publicKey);
}

/** The key of a witness from its name and 32 bytes of public key. */
export function witnessKey(name: string, publicKey: Uint8Array): WitnessKey {
  return verifierKey('witness', name, publicKey);
}

/** The signer of a log from its name and a secret seed of 32 bytes. */
export function logSigner(name: string, seed: Uint8Array): LogSigner {
  return signer('log', name, seed);
}

/** The signer of a witness from its name and a secret seed of 32 bytes. */
export function witnessSigner(name: string, seed: Uint8Array): WitnessSigner {
  return signer('witness', name, seed);
}

/** The key by which the signatures of a signer are verified. */
export function keyOf<R extends Role>({ role, name, seed }: Signer<R>): VerifierKey<R> {
  return verifierKey(role, name, ed25519.getPublicKey(seed));
}

/** A verifier key whose id is computed. */
export function verifierKey<R extends Role>(role: R, name: string, publicKey: Uint8Array): VerifierKey<R> {
  assert(isKeyName(name), 'a key name is not empty and has no spaces and no plus');
  assert(publicKey.length === KEY_BYTES, 'an Ed25519 public key has 32 bytes');
  const typedKey = concatBytes(Uint8Array.of(TYPE_BYTES[role]), publicKey);
  return { role, name, keyId: keyIdOf(name, typedKey), publicKey };
}

/** A signer whose id is computed. */
export function signer<R extends Role>(role: R, name: string, seed: Uint8Array): Signer<R> {
  assert(seed.length === KEY_BYTES, 'an Ed25519 seed has 32 bytes');
  const { keyId } = verifierKey(role, name, ed25519.getPublicKey(seed));
  return { role, name, keyId, seed };
}
