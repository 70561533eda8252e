import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isStateSigned, parseServerKeys } from './server-key.ts';
import { signedBytes } from './signed-state.ts';

const pair = (namedCurve = 'P-256') => generateKeyPairSync('ec', { namedCurve });
const pemOf = ({ publicKey }: ReturnType<typeof pair>) =>
  publicKey.export({ type: 'spki', format: 'pem' }).toString();
const keyOf = (text: string) => {
  const parsed = parseServerKeys(text);
  const [key] = 'keys' in parsed ? parsed.keys : [];
  if (key === undefined) throw new Error('no key');
  return key;
};

const STATE = { database: 'ledger', id: 7n, hash: new Uint8Array(32) };

describe('the key of a server', () => {
  it('signs what node signs, and nothing else, whether S is high or low', () => {
    for (let n = 0; n < 20; n += 1) {
      const server = pair();
      const key = keyOf(pemOf(server));
      const signature = sign('sha256', signedBytes(STATE), server.privateKey);
      expect(isStateSigned(key, STATE, signature)).toBe(true);
      expect(isStateSigned(key, { ...STATE, database: 'ledges' }, signature)).toBe(false);
      expect(isStateSigned(key, { ...STATE, id: 8n }, signature)).toBe(false);
      expect(isStateSigned(key, { ...STATE, hash: new Uint8Array(32).fill(1) }, signature)).toBe(false);
      expect(isStateSigned(keyOf(pemOf(pair())), STATE, signature)).toBe(false);
    }
  });

  it('signs with no other bytes than those of its one form', () => {
    const server = pair();
    const key = keyOf(pemOf(server));
    const signature = sign('sha256', signedBytes(STATE), server.privateKey);
    for (let at = 0; at < signature.length; at += 1) {
      const changed = Uint8Array.from(signature, (byte, index) => (index === at ? byte ^ 1 : byte));
      expect([at, isStateSigned(key, STATE, changed)]).toEqual([at, false]);
      expect(isStateSigned(key, STATE, signature.subarray(0, at))).toBe(false);
    }
    expect(isStateSigned(key, STATE, Uint8Array.of(...signature, 0))).toBe(false);
  });

  it('is read from PEM, several of them, with whatever stands around', () => {
    const [one, other] = [pemOf(pair()), pemOf(pair())];
    const parsed = parseServerKeys(`# ours\n${one}\n${other}${one}`);
    expect('keys' in parsed && parsed.keys.map(({ keyId }) => keyId)).toEqual([
      keyOf(one).keyId,
      keyOf(other).keyId,
    ]);
    expect(parseServerKeys('nothing')).toEqual({ keys: [] });
  });

  it('is no key of another curve, no private key, and none that was cut or changed', () => {
    const server = pair();
    const secret = server.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const [head = '', body = '', more = ''] = pemOf(server).split('\n');
    const cut = [head, body, more.slice(0, -4), '-----END PUBLIC KEY-----'].join('\n');
    const off = [
      head,
      body,
      `${more.startsWith('A') ? 'B' : 'A'}${more.slice(1)}`,
      '-----END PUBLIC KEY-----',
    ].join('\n');
    for (const text of [pemOf(pair('P-384')), secret, cut, off])
      expect(parseServerKeys(`${pemOf(server)}${text}`)).toEqual({ rejected: 'no_p256_key', block: 2 });
  });
});
