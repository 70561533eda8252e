import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { present } from '@ironforge/kernel';
import { expect, it } from 'vitest';
import { homeOf } from '../home.ts';
import type { ImmudbPlace } from '../parts/immudb-place.ts';
import { secretsOf } from '../secrets.ts';
import { writeServiceFiles } from './service-files.ts';
import { serviceProgram } from './service-program.ts';
import { SERVICES } from './services.ts';

const place = { address: 'ledger.example:3322', database: 'audit', user: 'writer', password: 'word' };

/** What the audit service is told of a second copy, its files read. */
function toldOf(immudb: ImmudbPlace): Record<string, string> {
  const home = homeOf({ IRONFORGE_HOME: mkdtempSync(join(tmpdir(), 'ironforge-services-')) });
  const files = writeServiceFiles(home, { secrets: secretsOf(home, ['audit']), chains: [], immudb });
  const ports = Object.fromEntries(SERVICES.map(({ name }, at) => [name, 40_000 + at]));
  const urls = { databaseUrl: 'd', amqpUrl: 'a', amqpManagementUrl: 'm', redisUrl: 'r' };
  const audit = present(
    SERVICES.find(({ name }) => name === 'audit'),
    'the audit service',
  );
  const { env } = serviceProgram(audit, { home, env: {}, ports, files, ...urls });
  const ledger = Object.entries(env).filter(([name]) => name.startsWith('IMMUDB_'));
  return Object.fromEntries(ledger.map(([name, file]) => [name, readFileSync(file, 'utf8')]));
}

it('hands a second copy on with the key of its server, and with whom its certificate comes from where somebody named them', () => {
  expect(toldOf({ ...place, serverPublicKey: 'a key' })).toEqual({
    IMMUDB_URL_FILE: 'immudb://writer:word@ledger.example:3322/audit',
    IMMUDB_PUBLIC_KEY_FILE: 'a key',
    IMMUDB_CA_FILE: '',
  });
  const encrypted = { ...place, serverPublicKey: 'a key', tls: true, rootCertificates: 'an authority' };
  expect(toldOf(encrypted)).toMatchObject({
    IMMUDB_URL_FILE: 'immudbs://writer:word@ledger.example:3322/audit',
    IMMUDB_CA_FILE: 'an authority',
  });
});
