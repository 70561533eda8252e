import { assert } from '@ironforge/kernel';
import { ed25519 } from '@noble/curves/ed25519.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { parseCheckpoint } from './checkpoint.ts';
import { isSignedBy, SIGNATURE_BYTES } from './ed25519.ts';
import type { WitnessKey, WitnessSigner } from './keys.ts';
import type { NoteSignature } from './signature-line.ts';

/**
 * A witness's signature over the text of a checkpoint: at this time, in seconds since 1970, it was the largest consistent one
 * that the witness knew of this log. Only for a witness that checked this (C2SP tlog-cosignature, cosignature/v1).
 */
export function cosign(text: string, timeSeconds: number, signer: WitnessSigner): NoteSignature {
  assert('checkpoint' in parseCheckpoint(text), 'only a checkpoint is cosigned');
  assert(Number.isSafeInteger(timeSeconds) && timeSeconds >= 0, 'a time is a whole number of seconds');
  const signature = ed25519.sign(messageOf(text, timeSeconds), signer.seed);
  return { name: signer.name, keyId: signer.keyId, bytes: concatBytes(timeBytes(timeSeconds), signature) };
}

/** When a witness says it cosigned this checkpoint, in seconds since 1970; null when it did not. Times beyond 2^53 - 1 are refused. */
export function verifyCosignature(text: string, bytes: Uint8Array, key: WitnessKey): number | null {
  if (bytes.length !== TIME_BYTES + SIGNATURE_BYTES || 'rejected' in parseCheckpoint(text)) return null;
  const timeSeconds = timeOf(bytes);
  if (!Number.isSafeInteger(timeSeconds)) return null;
  const signature = bytes.subarray(TIME_BYTES);
  const message = messageOf(text, timeSeconds);
  return isSignedBy({ signature, message, publicKey: key.publicKey }) ? timeSeconds : null;
}

const TIME_BYTES = 8;

function messageOf(text: string, timeSeconds: number): Uint8Array {
  return utf8ToBytes(`cosignature/v1\ntime ${timeSeconds}\n${text}`);
}

function timeBytes(timeSeconds: number): Uint8Array {
  const bytes = new Uint8Array(TIME_BYTES);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(timeSeconds));
  return bytes;
}

function timeOf(bytes: Uint8Array): number {
  return Number(new DataView(bytes.buffer, bytes.byteOffset, TIME_BYTES).getBigUint64(0));
}
