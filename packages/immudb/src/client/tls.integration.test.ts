import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createTestImmudb,
  createTlsProxy,
  hasImmudb,
  newCertificate,
  newSigningKey,
  startImmudb,
  type TestImmudb,
  type TlsProxy,
} from '@ironforge/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { ensureDatabase } from './administer.ts';
import { createImmudb, type ImmudbOptions } from './immudb.ts';
import { entriesNamed, keepState } from './ledger.fixture.ts';

const certificate = newCertificate();
let server: TestImmudb;
let proxy: TlsProxy;
let place: ImmudbOptions;

/** A client of the ledger behind the proxy, with these settings of its own. */
const clientWith = (settings: Partial<ImmudbOptions>) =>
  createImmudb({ ...place, deadlineMs: 5_000, states: keepState(), ...settings });

describe.skipIf(!hasImmudb())('a server that speaks TLS', () => {
  beforeAll(async () => {
    server = await createTestImmudb();
    proxy = await createTlsProxy(server.address, certificate);
    place = { ...server, address: proxy.address, states: keepState() };
    return () => proxy[Symbol.asyncDispose]();
  });

  it('is written to and read by whoever trusts its certificate, every answer proved', async () => {
    await using ledger = clientWith({ tls: true, rootCertificates: certificate.cert });
    const written = await ledger.setBatch(entriesNamed('a', 'b'));
    const [tx] = 'verified' in written ? written.verified : [];
    expect(tx).toMatchObject({ txId: 1n });
    const value = { key: Buffer.from('b'), value: Buffer.from('value of b'), tx };
    expect(await ledger.get(Buffer.from('b'))).toEqual({ verified: value });
    expect(proxy.agreed()).toBe(1);
  });

  it.each([
    ['without the certificate that it comes from', { tls: true }, 'by TLS', 'self-signed certificate'],
    [
      'by the certificate of somebody else',
      { tls: true, rootCertificates: newCertificate().cert },
      'by TLS',
      'self-signed certificate',
    ],
    ['in the clear', {}, 'without TLS', 'No connection established'],
  ])('is not reached %s, and the fault says why', async (_, settings, way, why) => {
    await using ledger = clientWith(settings);
    await expectAway(ledger.state(), [`at ${proxy.address}, asked ${way}: `, why]);
    await expectAway(ledger.setBatch(entriesNamed('not written')), [way]);
    await using reader = clientWith({ rootCertificates: certificate.cert });
    expect(await reader.get(Buffer.from('not written'))).toEqual({ verified: null });
  });

  it('is not reached under an address that its certificate does not name', async () => {
    const other = newCertificate('127.0.0.2');
    await using misnamed = await createTlsProxy(server.address, other);
    await using ledger = clientWith({ address: misnamed.address, rootCertificates: other.cert });
    await expectAway(ledger.state(), ["127.0.0.1 is not in the cert's list: 127.0.0.2"]);
  });
});

it.skipIf(!hasImmudb())(
  "immudb's own TLS is trusted by the certificate that it was given, and by no other",
  async () => {
    const dir = mkdtempSync(join(tmpdir(), 'ironforge-immudb-tls-'));
    try {
      await using own = await startImmudb({ dir, signingKey: newSigningKey(), certificate });
      const options = { ...own, database: 'ledger', rootCertificates: certificate.cert, states: keepState() };
      await ensureDatabase(options, options.database);
      await using ledger = createImmudb(options);
      const written = await ledger.setBatch(entriesNamed('a'));
      const [tx] = 'verified' in written ? written.verified : [];
      expect(await ledger.get(Buffer.from('a'))).toMatchObject({ verified: { tx } });
      await using stranger = createImmudb({ ...options, rootCertificates: newCertificate().cert });
      await expectAway(stranger.state(), ['asked by TLS', 'self-signed certificate']);
      await using open = createImmudb({ ...options, rootCertificates: undefined });
      await expectAway(open.state(), ['asked without TLS']);
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  },
);

it.skipIf(!hasImmudb())(
  'a server that speaks none is not reached by TLS, and the fault says so',
  async () => {
    const plain = await createTestImmudb();
    await using ledger = createImmudb({ ...plain, tls: true, deadlineMs: 2_000, states: keepState() });
    await expectAway(ledger.state(), [`at ${plain.address}, asked by TLS: `]);
  },
);

async function expectAway(asked: Promise<unknown>, words: readonly string[]): Promise<void> {
  const fault = await asked.catch((error: unknown) => error);
  expect(fault).toMatchObject({ code: 'dependency_down', retry: 'later' });
  for (const part of words) expect(String(fault)).toContain(part);
}
