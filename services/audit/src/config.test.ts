import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { AppError } from '@ironforge/kernel';
import { newCertificate } from '@ironforge/testing';
import { expect, it } from 'vitest';
import { parseConfig } from './config.ts';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const jwkOf = (one: KeyObject) => ({ ...one.export({ format: 'jwk' }), kid: 'key' });
const pemOf = (curve: string) =>
  generateKeyPairSync('ec', { namedCurve: curve })
    .publicKey.export({ type: 'spki', format: 'pem' })
    .toString();
const url = 'immudb://writer:hunter2%2F@ledger.example:3399/audit';
const key = pemOf('P-256');
const copyKey = 'ab'.repeat(32);

const environment = {
  PORT: '0',
  DATABASE_URL: 'postgres://localhost/ironforge',
  AMQP_URL: 'amqp://localhost',
  IDENTITY_URL: 'http://localhost:4001',
  INTERNAL_SIGNING_KEY: JSON.stringify(jwkOf(privateKey)),
  INTERNAL_JWKS: JSON.stringify({ keys: [jwkOf(publicKey)] }),
  AUDIT_SIGNING_KEY: JSON.stringify(jwkOf(privateKey)),
  AUDIT_ORIGIN: 'test.example/audit',
};

function problemOf(immudb: Record<string, string>): string {
  try {
    parseConfig({ ...environment, ...immudb });
  } catch (error) {
    if (error instanceof AppError) return JSON.stringify([error.message, error.errors]);
  }
  throw new Error('the configuration was taken');
}

it('takes a ledger with the key of its server, and none at all', () => {
  expect(
    parseConfig({ ...environment, IMMUDB_URL: url, IMMUDB_PUBLIC_KEY: key, AUDIT_COPY_KEY: copyKey })
      .IMMUDB_URL,
  ).toEqual({
    address: 'ledger.example:3399',
    database: 'audit',
    user: 'writer',
    password: 'hunter2/',
  });
  expect(parseConfig({ ...environment, IMMUDB_URL: '' }).IMMUDB_URL).toBeUndefined();
});

it.each([
  ['without its key', { IMMUDB_URL: url }],
  ['as a key alone', { IMMUDB_PUBLIC_KEY: key }],
  ['by another protocol', { IMMUDB_URL: url.replace('immudb:', 'https:'), IMMUDB_PUBLIC_KEY: key }],
  ['with a key on another curve', { IMMUDB_URL: url, IMMUDB_PUBLIC_KEY: pemOf('P-384') }],
])('refuses a ledger %s, and repeats no password', (_, immudb) => {
  const problem = problemOf(immudb);
  expect(problem).toContain('IMMUDB_');
  expect(problem).not.toContain('hunter2');
});

it('takes whom the certificate of an encrypted ledger comes from', () => {
  const encrypted = { IMMUDB_URL: url.replace('immudb:', 'immudbs:'), IMMUDB_CA: newCertificate().cert };
  const config = parseConfig({
    ...environment,
    ...encrypted,
    IMMUDB_PUBLIC_KEY: key,
    AUDIT_COPY_KEY: copyKey,
  });
  expect(config).toMatchObject({ IMMUDB_URL: { tls: true }, IMMUDB_CA: encrypted.IMMUDB_CA });
});

it.each([
  ['a text that is no certificate', { IMMUDB_URL: url.replace('immudb:', 'immudbs:'), IMMUDB_CA: key }],
  ['an authority, though it is asked without TLS', { IMMUDB_URL: url, IMMUDB_CA: newCertificate().cert }],
  ['an authority alone', { IMMUDB_URL: '', IMMUDB_PUBLIC_KEY: '', IMMUDB_CA: newCertificate().cert }],
])('refuses a ledger with %s', (_, immudb) => {
  const problem = problemOf({ IMMUDB_PUBLIC_KEY: key, AUDIT_COPY_KEY: copyKey, ...immudb });
  expect(problem).toContain('IMMUDB_CA');
  expect(problem).not.toContain('hunter2');
});

it.each([
  ['no key', {}],
  ['a key that is too short', { AUDIT_COPY_KEY: copyKey.slice(2) }],
])('refuses a ledger with %s for what it copies', (_, given) => {
  const problem = problemOf({ IMMUDB_URL: url, IMMUDB_PUBLIC_KEY: key, ...given });
  expect(problem).toContain('AUDIT_COPY_KEY');
  expect(problem).not.toContain('abab');
});
