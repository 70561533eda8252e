import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { signedBytes } from '@ironforge/audit-log';
import { isSigned, parseServerKey } from './state-signature.ts';

const pair = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve });
const pemOf = ({ publicKey }: ReturnType<typeof pair>) =>
  publicKey.export({ type: 'spki', format: 'pem' }).toString();

const server = pair('P-256');
const key = parseServerKey(pemOf(server));
const STATE = { database: 'ledger', id: 7n, hash: Buffer.alloc(32) };
const signature = sign('sha256', signedBytes(STATE), server.privateKey);

describe('a signed state', () => {
  it('is laid out as the server lays it out', () => {
    expect(Buffer.from(signedBytes(STATE)).toString('hex')).toBe(
      `000000066c65646765720000000000000007${'00'.repeat(32)}`,
    );
  });

  it('is believed as it was signed, and not with another name, number or hash', () => {
    expect(isSigned(key, STATE, signature)).toBe(true);
    expect(isSigned(key, { ...STATE, database: 'ledges' }, signature)).toBe(false);
    expect(isSigned(key, { ...STATE, id: 8n }, signature)).toBe(false);
    expect(isSigned(key, { ...STATE, hash: Buffer.alloc(32, 1) }, signature)).toBe(false);
  });

  it('is not believed of another server, and not unsigned', () => {
    expect(isSigned(parseServerKey(pemOf(pair('P-256'))), STATE, signature)).toBe(false);
    expect(isSigned(key, STATE, Buffer.alloc(0))).toBe(false);
    expect(isSigned(key, STATE, Buffer.alloc(72, 0xff))).toBe(false);
  });
});

describe('parseServerKey', () => {
  it('takes no key of another curve', () => {
    expect(() => parseServerKey(pemOf(pair('P-384')))).toThrow('not on P-256');
  });
});
