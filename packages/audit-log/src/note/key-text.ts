import { concatBytes } from '@noble/hashes/utils.js';
import { formatBase64, parseBase64 } from '../text/encodings.ts';
import { isKeyName } from './key-name.ts';
import {
  KEY_BYTES,
  type LogKey,
  type LogSigner,
  type Role,
  type Signer,
  signer,
  TYPE_BYTES,
  type VerifierKey,
  verifierKey,
  type WitnessKey,
  type WitnessSigner,
} from './keys.ts';

/** Why a text is no key: not of the form, of another kind of key, or with an id that is not of this name and key. */
export type KeyFlaw = 'malformed_key' | 'other_kind_of_key' | 'wrong_key_id';

/** A key from its text, or why it is none. */
export type KeyParse<Key> = { readonly key: Key } | { readonly rejected: KeyFlaw };

/** The key of a log from `name+id+base64`, type 0x01 (C2SP signed-note, verifier keys); never throws. */
export function parseLogKey(text: string): KeyParse<LogKey> {
  return parseVerifierKey('log', text);
}

/** The key of a witness from `name+id+base64`, type 0x04 (C2SP tlog-cosignature); never throws. */
export function parseWitnessKey(text: string): KeyParse<WitnessKey> {
  return parseVerifierKey('witness', text);
}

/** The signer of a log from `PRIVATE+KEY+name+id+base64`, type 0x01 (golang.org/x/mod/sumdb/note); never throws. */
export function parseLogSigner(text: string): KeyParse<LogSigner> {
  return parseSigner('log', text);
}

/** The signer of a witness from `PRIVATE+KEY+name+id+base64`, type 0x04; never throws. */
export function parseWitnessSigner(text: string): KeyParse<WitnessSigner> {
  return parseSigner('witness', text);
}

/** A key as `name+id+base64` of type byte and public key (C2SP signed-note, verifier keys). */
export function formatKey({ role, name, keyId, publicKey }: VerifierKey<Role>): string {
  return `${name}+${keyId}+${typed(role, publicKey)}`;
}

/** A signer as `PRIVATE+KEY+name+id+base64` of type byte and seed: a secret (golang.org/x/mod/sumdb/note). */
export function formatSigner({ role, name, keyId, seed }: Signer<Role>): string {
  return `${SECRET_MARK}${name}+${keyId}+${typed(role, seed)}`;
}

const SECRET_MARK = 'PRIVATE+KEY+';

function typed(role: Role, material: Uint8Array): string {
  return formatBase64(concatBytes(Uint8Array.of(TYPE_BYTES[role]), material));
}

function parseVerifierKey<R extends Role>(role: R, text: string): KeyParse<VerifierKey<R>> {
  const parts = partsOf(text);
  if (parts === null) return { rejected: 'malformed_key' };
  if (parts.type !== TYPE_BYTES[role]) return { rejected: 'other_kind_of_key' };
  return withId(parts.keyId, verifierKey(role, parts.name, parts.material));
}

function parseSigner<R extends Role>(role: R, text: string): KeyParse<Signer<R>> {
  const parts = text.startsWith(SECRET_MARK) ? partsOf(text.slice(SECRET_MARK.length)) : null;
  if (parts === null) return { rejected: 'malformed_key' };
  if (parts.type !== TYPE_BYTES[role]) return { rejected: 'other_kind_of_key' };
  return withId(parts.keyId, signer(role, parts.name, parts.material));
}

function withId<Key extends { readonly keyId: string }>(keyId: string, key: Key): KeyParse<Key> {
  return key.keyId === keyId ? { key } : { rejected: 'wrong_key_id' };
}

interface KeyParts {
  readonly name: string;
  readonly keyId: string;
  readonly type: number | undefined;
  readonly material: Uint8Array;
}

/** Base64 may hold a plus, a name and an id may not. */
function partsOf(text: string): KeyParts | null {
  const {
    name = '',
    keyId = '',
    encoded = '',
  } = /^(?<name>[^+]+)\+(?<keyId>[0-9a-f]{8})\+(?<encoded>.+)$/su.exec(text)?.groups ?? {};
  const bytes = parseBase64(encoded);
  if (!isKeyName(name) || bytes === null || bytes.length !== 1 + KEY_BYTES) return null;
  return { name, keyId, type: bytes[0], material: bytes.slice(1) };
}
