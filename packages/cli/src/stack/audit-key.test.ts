import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatKey, keyOf, logSigner, parseLogKey } from '@ironforge/audit-log';
import { expect, it } from 'vitest';
import { homeOf } from '../home.ts';
import { secretsOf } from '../secrets.ts';
import { AUDIT_ORIGIN, auditKeyOf } from './audit-key.ts';

it('the key of a log is the public half of what the audit service signs by, under the name of that log', () => {
  const dir = mkdtempSync(join(tmpdir(), 'ironforge-audit-key-'));
  try {
    const home = homeOf({ IRONFORGE_HOME: dir });
    const { auditKey } = secretsOf(home, []);
    const signer = logSigner(`${AUDIT_ORIGIN}/tenant`, Buffer.from(auditKey.d, 'base64url'));
    expect(auditKeyOf(home, 'tenant')).toBe(formatKey(keyOf(signer)));
    expect(parseLogKey(auditKeyOf(home, 'tenant'))).toHaveProperty('key');
  } finally {
    rmSync(dir, { recursive: true });
  }
});
