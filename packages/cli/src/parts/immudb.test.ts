import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newCertificate } from '@ironforge/testing';
import { describe, expect, it } from 'vitest';
import { homeOf } from '../home.ts';
import { secretsOf } from '../secrets.ts';
import { immudbPart } from './immudb.ts';
import type { PartContext } from './part.ts';

const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();

function contextWith(env: NodeJS.ProcessEnv): PartContext {
  const home = homeOf({ IRONFORGE_HOME: mkdtempSync(join(tmpdir(), 'ironforge-immudb-')) });
  const nothing = async () => '';
  const [ports, secrets] = [{ immudb: 40_001 }, secretsOf(home, [])];
  return { home, env, ports, secrets, say: () => undefined, run: nothing, fetchApt: nothing };
}

describe('immudbPart', () => {
  it('is missing, without a fault, where there is neither binary nor Go', async () => {
    const found = await immudbPart(contextWith({ PATH: '' }));
    expect('missing' in found && found.missing).toContain('there is no go on the PATH');
  });

  it('is missing where none is wanted', async () => {
    expect(await immudbPart(contextWith({ IMMUDB_URL: 'none' }))).toEqual({
      missing: 'IMMUDB_URL is none',
    });
  });

  it('takes a given server with the key that it signs with', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'ironforge-immudb-')), 'key.pem');
    writeFileSync(file, pem);
    const url = 'immudb://writer:w%40rd@ledger.example:3399/audit';
    const found = await immudbPart(contextWith({ IMMUDB_URL: url, IMMUDB_PUBLIC_KEY_FILE: file }));
    expect('part' in found && found.part.address).toEqual({
      address: 'ledger.example:3399',
      database: 'audit',
      user: 'writer',
      password: 'w@rd',
      serverPublicKey: pem,
    });
  });

  it('takes whom the certificate of a given server comes from, for TLS alone, and nothing else in its place', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ironforge-immudb-'));
    const fileWith = (name: string, text: string) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const { cert } = newCertificate();
    const env = {
      IMMUDB_URL: 'immudbs://writer:word@ledger.example/audit',
      IMMUDB_PUBLIC_KEY_FILE: fileWith('key.pem', pem),
      IMMUDB_CA_FILE: fileWith('ca.pem', cert),
    };
    const found = await immudbPart(contextWith(env));
    expect('part' in found && found.part.address).toMatchObject({ tls: true, rootCertificates: cert });
    for (const other of [
      { IMMUDB_URL: env.IMMUDB_URL.replace('immudbs:', 'immudb:') },
      { IMMUDB_CA_FILE: env.IMMUDB_PUBLIC_KEY_FILE },
      { IMMUDB_CA_FILE: join(folder, 'nothing.pem') },
    ]) {
      const asked = immudbPart(contextWith({ ...env, ...other }));
      await expect(asked).rejects.toMatchObject({ code: 'usage' });
      await expect(asked).rejects.toThrow('IMMUDB_CA_FILE');
    }
  });

  it('takes no given server whose states nobody could check', async () => {
    const context = contextWith({ IMMUDB_URL: 'immudb://writer:word@ledger.example/audit' });
    await expect(immudbPart(context)).rejects.toMatchObject({ code: 'usage' });
  });

  it('starts a binary of the PATH with its password in a file, and no word of it among the arguments', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ironforge-immudb-'));
    writeFileSync(join(folder, 'immudb'), '', { mode: 0o755 });
    const context = contextWith({ PATH: folder });
    const found = await immudbPart(context);
    const programs = 'part' in found ? found.part.stages.flat() : [];
    expect(programs).toHaveLength(1);
    expect(JSON.stringify(programs)).not.toContain(context.secrets.immudbPassword);
  });
});
