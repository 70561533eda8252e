import { generateKeyPairSync } from 'node:crypto';
import { formatKey, keyOf, logSigner, witnessSigner } from '@ironforge/audit-log';
import { expect, it } from 'vitest';
import { parseConfig } from '../config.ts';

const seed = new Uint8Array(32).fill(5);
const key = formatKey(keyOf(witnessSigner('witness.example/w1', seed)));
const url = 'https://witness.example/submit';

it('asks no witness unless it is told of one, and then every ten seconds', () => {
  expect(parsed(undefined)).toMatchObject({ AUDIT_WITNESSES: [], AUDIT_WITNESS_PACE_MS: 10_000 });
  const { AUDIT_WITNESSES } = parsed([{ url, key }]);
  expect(AUDIT_WITNESSES).toMatchObject([{ url, key: { role: 'witness', name: 'witness.example/w1' } }]);
});

it.each([
  ['an address that is not of the web', [{ url: 'file:///etc/passwd', key }]],
  ['a key of a log', [{ url, key: formatKey(keyOf(logSigner('log.example/a', seed))) }]],
  ['a key with a wrong id', [{ url, key: key.replace('+', '+0') }]],
  ['a name that no column holds', [{ url, key: formatKey(keyOf(witnessSigner('w'.repeat(101), seed))) }]],
  [
    'two of one name',
    [
      { url, key },
      { url: `${url}2`, key },
    ],
  ],
  ['more than a note has room for', Array.from({ length: 16 }, (_, at) => named(`witness.example/w${at}`))],
  ['a word that it does not know', [{ url, key, quorum: 2 }]],
])('refuses %s', (_, list) => {
  expect(() => parsed(list)).toThrow('AUDIT_WITNESSES');
});

function named(name: string) {
  return { url, key: formatKey(keyOf(witnessSigner(name, seed))) };
}

function parsed(list: readonly object[] | undefined) {
  const { privateKey } = generateKeyPairSync('ed25519');
  const jwk = { ...privateKey.export({ format: 'jwk' }), kid: 'audit' };
  const { d: _secret, ...publicPart } = jwk;
  return parseConfig({
    PORT: '0',
    NODE_ENV: 'test',
    DATABASE_URL: 'postgres://localhost/audit',
    AMQP_URL: 'amqp://localhost',
    IDENTITY_URL: 'http://localhost:4001',
    INTERNAL_SIGNING_KEY: JSON.stringify(jwk),
    INTERNAL_JWKS: JSON.stringify({ keys: [publicPart] }),
    AUDIT_SIGNING_KEY: JSON.stringify(jwk),
    AUDIT_ORIGIN: 'test.example/audit',
    AUDIT_WITNESSES: list && JSON.stringify(list),
  });
}
