import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { DEVELOPMENT_USERS } from './development-users.ts';
import type { Home } from './home.ts';
import { readJson, writeJson } from './json-file.ts';

const PrivateJwk = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string(),
  d: z.string(),
  kid: z.string(),
  alg: z.literal('EdDSA'),
  use: z.literal('sig'),
});

const DevelopmentAccount = z.object({
  password: z.string(),
  id: z.uuid().nullable(),
  apiKey: z.string().nullable(),
});

const Secrets = z.object({
  databaseOwnerPassword: z.string(),
  databaseServicePassword: z.string(),
  redisPassword: z.string(),
  brokerPassword: z.string(),
  erlangCookie: z.string(),
  immudbPassword: z.string(),
  immudbSigningKey: z.string(),
  apiKeyPepper: z.string(),
  personalDataKey: z.string(),
  emailIndexKey: z.string(),
  accessTokenKey: PrivateJwk,
  auditKey: PrivateJwk,
  auditCopyKey: z.string(),
  auditEarlierKeys: z.array(PrivateJwk),
  serviceKeys: z.record(z.string(), PrivateJwk),
  accounts: z.record(z.string(), DevelopmentAccount),
});

/** Everything secret of one local installation; keys are Ed25519 JWKs (RFC 8037), immudb's is P-256 in PEM (SEC 1), 32-byte keys are hex. */
export type Secrets = z.infer<typeof Secrets>;
export type PrivateJwk = z.infer<typeof PrivateJwk>;

/** The installation's secrets from secrets.json (mode 0600), where what is missing is made once and kept. */
export function secretsOf(home: Home, serviceNames: readonly string[]): Secrets {
  const kept = Secrets.partial().parse(readJson(fileOf(home)) ?? {});
  const made = freshSecrets(serviceNames);
  const secrets = Secrets.parse({
    ...made,
    ...kept,
    serviceKeys: { ...made.serviceKeys, ...kept.serviceKeys },
    accounts: { ...made.accounts, ...kept.accounts },
  });
  keepSecrets(home, secrets);
  return secrets;
}

/** The secrets of an installation that was started before. Throws `ZodError` when the file is not whole. */
export function readSecrets(home: Home): Secrets {
  return Secrets.parse(readJson(fileOf(home)));
}

/** Writes the secrets back, for what is learnt after the start (API keys). */
export function keepSecrets(home: Home, secrets: Secrets): void {
  writeJson(fileOf(home), secrets);
}

function fileOf(home: Home): string {
  return join(home.dir, 'secrets.json');
}

function freshSecrets(serviceNames: readonly string[]): Secrets {
  return {
    databaseOwnerPassword: randomText(),
    databaseServicePassword: randomText(),
    redisPassword: randomText(),
    brokerPassword: randomText(),
    erlangCookie: randomText(),
    immudbPassword: strongText(),
    immudbSigningKey: p256Key(),
    apiKeyPepper: randomKeyHex(),
    personalDataKey: randomKeyHex(),
    emailIndexKey: randomKeyHex(),
    accessTokenKey: ed25519Key('access-token'),
    auditKey: freshAuditKey(),
    auditEarlierKeys: [],
    auditCopyKey: randomKeyHex(),
    serviceKeys: Object.fromEntries(serviceNames.map((name) => [name, ed25519Key(name)])),
    accounts: Object.fromEntries(
      DEVELOPMENT_USERS.map(({ name }) => [name, { password: randomText(), id: null, apiKey: null }]),
    ),
  };
}

/** A new key that signs the heads of the audit logs. */
export function freshAuditKey(): PrivateJwk {
  return ed25519Key('audit-log');
}

function randomText(): string {
  return randomBytes(18).toString('base64url');
}

// immudb wants a capital letter, a digit and a sign among at most 32 characters.
function strongText(): string {
  return `If1-${randomText()}`;
}

function randomKeyHex(): string {
  return randomBytes(32).toString('hex');
}

function p256Key(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'sec1', format: 'pem' }).toString();
}

function ed25519Key(kid: string): PrivateJwk {
  const jwk = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  return PrivateJwk.parse({ ...jwk, kid, alg: 'EdDSA', use: 'sig' });
}
