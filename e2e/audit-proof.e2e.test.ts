import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve as resolvePath } from 'node:path';
import { ROUTES } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newestCheckpoint, proofOfFirst } from './world/audit-proofs.ts';
import { environment } from './world/environment.ts';
import { foundTenant, type Tenant } from './world/tenant.ts';

const ironforge = resolvePath(import.meta.dirname, '../packages/cli/src/main.ts');
const folder = mkdtempSync(join(tmpdir(), 'audit-proof-'));
let tenant: Tenant;
let other: Tenant;

beforeAll(async () => {
  [tenant, other] = await Promise.all([foundTenant(), foundTenant()]);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('ironforge verify', () => {
  it('proves what the API answers, and that the log only grew since a checkpoint that was kept', async () => {
    const kept = await newestCheckpoint(tenant);
    await tenant.admin.call(ROUTES.createApiKey, { body: { name: 'one more entry' } });
    await waitUntil('a newer checkpoint', async () => (await newestCheckpoint(tenant)).size > kept.size);
    const bundle = await proofOfFirst(tenant, kept.size);
    const key = fileWith('audit.pub', kept.verifierKey);
    const since = fileWith('kept.txt', kept.note);
    const { code, out } = await verify(bundle, '--key', key, '--since', since);
    expect(out).toMatch(/^consistency +proved/m);
    expect(code).toBe(0);
    const forged = { ...bundle, entry: { ...bundle.entry, status: 'failure' } };
    expect(await verify(forged, '--key', key)).toMatchObject({ code: 6 });
  });

  it.skipIf(environment.immudb === null)('proves the copy in immudb by the key of its server', async () => {
    const { verifierKey } = await newestCheckpoint(tenant);
    const keys = ['--key', fileWith('audit.pub', verifierKey)];
    const pem = fileWith('server.pem', environment.immudb?.serverPublicKey ?? '');
    const bundle = await waitUntil('the copy', async () => {
      const found = await proofOfFirst(tenant, 1);
      return found.immudb.copy === 'immudb' && found.immudb.proof !== undefined && found;
    });
    const { code, out } = await verify(bundle, ...keys, '--immudb-key', pem);
    expect([code, out]).toEqual([0, expect.stringMatching(/^immudb +proved/m)]);
  });

  it('refuses the proof of another tenant', async () => {
    const { verifierKey } = await newestCheckpoint(other);
    const key = fileWith('other.pub', verifierKey);
    expect(await verify(await proofOfFirst(tenant, 1), '--key', key)).toMatchObject({ code: 6 });
  });
});

function fileWith(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

async function verify(bundle: object, ...options: readonly string[]) {
  const args = [ironforge, 'verify', fileWith('bundle.json', JSON.stringify(bundle)), ...options];
  return await new Promise<{ code: number; out: string }>((done) => {
    const child = execFile(process.execPath, args, (_error, out) =>
      done({ code: child.exitCode ?? -1, out }),
    );
  });
}
