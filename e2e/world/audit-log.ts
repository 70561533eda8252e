import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve as resolvePath } from 'node:path';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { environment } from './environment.ts';
import { immudbUrl } from './immudb.ts';

const MAIN = resolvePath(import.meta.dirname, '../../packages/cli/src/main.ts');

const Report = z.object({
  entries: z.int(),
  checkpoints: z.int(),
  newest: z.string().nullable(),
  copied: z.int().nullable(),
  findings: z.array(z.object({ kind: z.string(), subject: z.string(), detail: z.string() })),
});

/** What `ironforge audit verify` says of a tenant's log in the installation, and the code that it ends with. */
export async function verifyLog(tenantId: string, ...options: readonly string[]) {
  return await verifyLogIn(environment.databaseUrl, tenantId, ...options);
}

/** The same of a log in a database of its own, at the URL of its owner. */
export async function verifyLogIn(databaseUrl: string, tenantId: string, ...options: readonly string[]) {
  const args = [
    '--disable-warning=ExperimentalWarning',
    MAIN,
    'audit',
    'verify',
    '--json',
    '--tenant',
    tenantId,
  ];
  const env = { ...process.env, DATABASE_URL: databaseUrl, ...copyEnvironment() };
  const child = spawn(process.execPath, [...args, ...options], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  const [output] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return { exitCode: child.exitCode, ...Report.parse(JSON.parse(output)) };
}

/** Where the installation's second copy is, as its administrator would say it. */
function copyEnvironment(): Record<string, string> {
  const { immudb } = environment;
  if (immudb === null) return { IMMUDB_URL: immudbUrl() };
  const keyFile = join(mkdtempSync(join(tmpdir(), 'ironforge-')), 'server.pem');
  writeFileSync(keyFile, immudb.serverPublicKey);
  return { IMMUDB_URL: immudbUrl(), IMMUDB_PUBLIC_KEY_FILE: keyFile };
}
