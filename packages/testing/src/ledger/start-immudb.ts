import type { ChildProcess } from 'node:child_process';
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { serverVersion } from '@ironforge/immudb';
import type { Certificate } from '../network/new-certificate.ts';
import { spawnBound } from '../process/spawn-bound.ts';
import { waitUntil } from '../wait-until.ts';

/** A server as an administrator reaches it. */
export interface ImmudbServer {
  /** Host and port. */
  readonly address: string;
  readonly user: string;
  readonly password: string;
  /** In PEM (SPKI, P-256). */
  readonly serverPublicKey: string;
}

/** A server of the caller's own; disposing kills it, and its data stays. */
export interface OwnImmudb extends ImmudbServer, AsyncDisposable {}

/** Where a server keeps its data, and what it signs with; another start may take both again, or one of them. */
export interface ImmudbOptions {
  readonly dir: string;
  readonly signingKey: KeyObject;
  /** A free one by default. */
  readonly port?: number;
  /** With it the server speaks TLS alone. */
  readonly certificate?: Certificate;
}

/** A key that a server can sign with. */
export function newSigningKey(): KeyObject {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
}

/** Starts a server of the caller's own with the binary of the run (`IMMUDB_BIN`), and waits until it answers. */
export async function startImmudb(options: ImmudbOptions): Promise<OwnImmudb> {
  const { signingKey, certificate, port = await freePort() } = options;
  const config = writeConfig({ ...options, port });
  const child = spawnBound(immudbBinary(), ['--config', config], { stdout: 'ignore' });
  const server = {
    address: `127.0.0.1:${port}`,
    user: 'immudb',
    password: PASSWORD,
    serverPublicKey: publicKeyOf(signingKey),
  };
  await waitUntil(
    'immudb to answer',
    () => serverVersion({ ...server, rootCertificates: certificate?.cert }),
    { intervalMs: 50 },
  );
  return { ...server, [Symbol.asyncDispose]: () => stop(child) };
}

const PASSWORD = 'Test-1-password';

function writeConfig({
  dir,
  signingKey,
  port,
  certificate,
}: ImmudbOptions & { readonly port: number }): string {
  const [config, keyFile] = [join(dir, 'immudb.toml'), join(dir, 'signing-key.pem')];
  mkdirSync(dir, { recursive: true });
  writeFileSync(keyFile, signingKey.export({ type: 'sec1', format: 'pem' }), { mode: 0o600 });
  const settings = [
    `dir = ${JSON.stringify(join(dir, 'data'))}`,
    'address = "127.0.0.1"',
    `port = ${port}`,
    `signingKey = ${JSON.stringify(keyFile)}`,
    `admin-password = ${JSON.stringify(PASSWORD)}`,
    ...(certificate === undefined ? [] : writeCertificate(dir, certificate)),
    ...['pgsql-server', 'web-server', 'metrics-server'].map((name) => `${name} = false`),
  ];
  writeFileSync(config, settings.join('\n'), { mode: 0o600 });
  return config;
}

function writeCertificate(dir: string, { cert, key }: Certificate): string[] {
  const [certFile, keyFile] = [join(dir, 'tls.pem'), join(dir, 'tls-key.pem')];
  writeFileSync(certFile, cert);
  writeFileSync(keyFile, key, { mode: 0o600 });
  return [`certificate = ${JSON.stringify(certFile)}`, `pkey = ${JSON.stringify(keyFile)}`];
}

function publicKeyOf(key: KeyObject): string {
  return createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
}

function immudbBinary(): string {
  const given = process.env['IMMUDB_BIN'];
  if (given === undefined || given === '') throw new Error('IMMUDB_BIN is not set: run "./ironforge test"');
  return given;
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  await new Promise<void>((resolve) => void server.close(() => resolve()));
  return address.port;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}
