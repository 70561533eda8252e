import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve as resolvePath } from 'node:path';
import { ROUTES } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { foundTenant, type Tenant } from './world/tenant.ts';

const ironforge = resolvePath(import.meta.dirname, '../packages/cli/src/main.ts');
const folder = mkdtempSync(join(tmpdir(), 'audit-export-'));
let tenant: Tenant;
let other: Tenant;

beforeAll(async () => {
  [tenant, other] = await Promise.all([foundTenant(), foundTenant()]);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.each(['jsonl', 'csv'] as const)('an export as %s', (format) => {
  it('is made, downloaded in two halves through the gateway, and proved by the key alone', async () => {
    const { compliance } = tenant;
    const { id } = await compliance.call(ROUTES.createAuditExport, { body: { format } });
    const job = await waitUntil('the export', async () => {
      const shown = await compliance.call(ROUTES.getAuditExport, { params: { id } });
      return shown.status === 'ready' ? shown : null;
    });
    const half = Math.floor(job.sizeBytes / 2);
    const ranges = [`bytes=0-${half - 1}`, `bytes=${half}-`];
    const halves = await Promise.all(
      ranges.map((range) =>
        compliance.raw({ method: 'GET', path: `/v1/audit/exports/${id}/file`, headers: { range } }),
      ),
    );
    expect(halves.map(({ status }) => status)).toEqual([206, 206]);
    const file = halves.map(({ text }) => text).join('');
    const proof = await compliance.call(ROUTES.getAuditExportManifest, { params: { id } });
    const [key, foreign] = await Promise.all([keyOf(tenant), keyOf(other)]);
    const { code, out } = await verify(file, proof, key);
    expect(out).toMatch(/^tree +proved +these are all entries 1 to/m);
    expect(code).toBe(0);
    expect(await verify(file.replace('success', 'failure'), proof, key)).toMatchObject({ code: 6 });
    expect(await verify(file, proof, foreign)).toMatchObject({ code: 6 });
  });
});

async function keyOf({ id, compliance }: Tenant): Promise<string> {
  const { verifierKey } = await compliance.call(ROUTES.getLatestAuditCheckpoint);
  return fileWith(`${id}.pub`, verifierKey);
}

function fileWith(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

async function verify(file: string, proof: object, key: string) {
  const manifest = fileWith('manifest.json', JSON.stringify(proof));
  const args = [ironforge, 'verify', fileWith('export', file), '--manifest', manifest, '--key', key];
  return await new Promise<{ code: number; out: string }>((done) => {
    const child = execFile(process.execPath, args, (_error, out) =>
      done({ code: child.exitCode ?? -1, out }),
    );
  });
}
