import { mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { homeOf } from './home.ts';
import { keepSecrets, readSecrets, secretsOf } from './secrets.ts';

const newHome = () => homeOf({ IRONFORGE_HOME: mkdtempSync(join(tmpdir(), 'ironforge-secrets-')) });

describe('secretsOf', () => {
  it('makes each secret once and keeps it over starts', () => {
    const home = newHome();
    expect(secretsOf(home, ['audit'])).toEqual(secretsOf(home, ['audit']));
  });

  it('gives a service that is new its key and leaves the others theirs', () => {
    const home = newHome();
    const before = secretsOf(home, ['audit']);
    const after = secretsOf(home, ['audit', 'gateway']);
    expect(after.serviceKeys['audit']).toEqual(before.serviceKeys['audit']);
    expect(after.serviceKeys['gateway']?.kid).toBe('gateway');
  });

  it('keeps what was learnt after the start', () => {
    const home = newHome();
    const secrets = secretsOf(home, []);
    const account = { password: 'kept', id: null, apiKey: 'ifk_kept' };
    keepSecrets(home, { ...secrets, accounts: { ...secrets.accounts, signer: account } });
    expect(secretsOf(home, []).accounts['signer']).toEqual(account);
    expect(readSecrets(home).accounts['signer']).toEqual(account);
  });

  it('writes a file that its user alone can read', () => {
    const home = newHome();
    secretsOf(home, []);
    expect(statSync(join(home.dir, 'secrets.json')).mode & 0o777).toBe(0o600);
  });
});
