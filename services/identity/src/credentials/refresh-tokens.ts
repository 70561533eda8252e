import { randomBytes } from 'node:crypto';
import { equalHashes, type KeyedHash } from './keyed-hash.ts';
import { compactUuid, expandUuid } from './compact-uuid.ts';

/** How long a refresh token lives, in milliseconds: 7 days from its last use. */
export const REFRESH_TOKEN_MS = 7 * 24 * 3600 * 1000;

/** A refresh token that this installation issued, now or before. */
export interface RefreshToken {
  /** The session (refresh family) it belongs to. */
  readonly sessionId: string;
  /** What is stored of it. */
  readonly hash: string;
}

const FORM = /^ifr_([0-9a-f]{32})_([A-Za-z0-9_-]{43})_([0-9a-f]{32})$/;
const SECRET_BYTES = 32;
const TAG_DIGITS = 32;

/** A new opaque refresh token of a session: `ifr_<session>_<secret>_<tag>`, the tag proves later that we issued it. */
export function issueRefreshToken(keyedHash: KeyedHash, sessionId: string): { text: string; hash: string } {
  const [session, secret] = [compactUuid(sessionId), randomBytes(SECRET_BYTES).toString('base64url')];
  const text = `ifr_${session}_${secret}_${tagOf(keyedHash, session, secret)}`;
  return { text, hash: keyedHash('refresh_token', text) };
}

/** Reads a refresh token; null when it was never issued here, so that a made-up one cannot end a session. */
export function readRefreshToken(keyedHash: KeyedHash, text: string): RefreshToken | null {
  const [, session = '', secret = '', tag = ''] = FORM.exec(text) ?? [];
  if (!equalHashes(tag, tagOf(keyedHash, session, secret))) return null;
  return { sessionId: expandUuid(session), hash: keyedHash('refresh_token', text) };
}

function tagOf(keyedHash: KeyedHash, session: string, secret: string): string {
  return keyedHash('refresh_token_tag', `${session}_${secret}`).slice(0, TAG_DIGITS);
}
