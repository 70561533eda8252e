import { readFileSync } from 'node:fs';
import type { Facts } from '../facts/facts.ts';
import type { Violation } from '../violation.ts';

/** What a secret looks like whose value nobody told: API keys, access tokens (JWT), private keys as PEM or JWK. */
const SHAPES: Readonly<Record<string, RegExp>> = {
  'an API key': /\bifk_[A-Za-z0-9_-]{24,}/,
  'an access token': /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/,
  'a private key': /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  'a private JWK': /"kty":"(?:OKP|EC)"[^}]*"d":"/,
};

/** From where the people of a local installation act: in an audit entry it stands as a cipher alone. */
const CALLERS = ['127.0.0.1', '::1'].map((address) => `"${address}"`);

/** I10: no log, no message and no audit entry holds a secret, by its value or by its shape, and no entry from where somebody acted. */
export function secrets(facts: Facts): Violation[] {
  const files = facts.logFiles.flatMap((file) => found(facts, file, readLog(file)));
  const messages = facts.messages.flatMap(({ id, body }) => found(facts, id, body));
  const entries = facts.entries.flatMap(({ event_id, canonical }) =>
    inEntry(facts, event_id, canonical ?? ''),
  );
  return [...files, ...messages, ...entries];
}

function inEntry(facts: Facts, eventId: string, text: string): Violation[] {
  const clear = clearIn(eventId, text);
  return [
    ...clear,
    ...found(facts, eventId, text).map((one) => ({ ...one, what: `its audit entry ${one.what}` })),
  ];
}

function clearIn(id: string, text: string): Violation[] {
  const isClear = CALLERS.some((address) => text.includes(address));
  return isClear ? [{ invariant: 'I10', id, what: 'holds the address of a caller in clear' }] : [];
}

function found(facts: Facts, id: string, text: string): Violation[] {
  const known = facts.secrets.some((secret) => text.includes(secret))
    ? ['a secret of this installation']
    : [];
  const shaped = Object.entries(SHAPES).flatMap(([what, shape]) => (shape.test(text) ? [what] : []));
  return [...known, ...shaped].map((what) => ({ invariant: 'I10', id, what: `holds ${what}` }));
}

/** Servers of others have no log of ours. */
function readLog(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
