import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve as resolvePath } from 'node:path';
import { ROUTES } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { breakOnPurpose } from './oracle/exempt.ts';
import { verifyLog } from './world/audit-log.ts';
import { environment } from './world/environment.ts';
import { pruneAccess } from './world/pruned.ts';
import { foundTenant, type Tenant } from './world/tenant.ts';

const ironforge = resolvePath(import.meta.dirname, '../packages/cli/src/main.ts');
const folder = mkdtempSync(join(tmpdir(), 'audit-retention-'));
let tenant: Tenant;
let spoilt: Tenant;
let database: Client;

beforeAll(async () => {
  [tenant, spoilt] = await Promise.all([foundTenant(), foundTenant()]);
  breakOnPurpose(spoilt.id);
  database = new Client({ connectionString: environment.databaseUrl });
  await database.connect();
});

afterAll(async () => {
  await database.end();
  rmSync(folder, { recursive: true });
});

describe('entries whose time is over', () => {
  it('are pruned, and the log is whole without them: for audit verify, and by the certificate for a stranger', async () => {
    const { compliance } = tenant;
    const { id, ranges } = await pruneAccess(tenant);
    const { certificate, proof } = await compliance.call(ROUTES.getDeletionCertificate, { params: { id } });
    expect(certificate).toMatchObject({ category: 'access', month: '2020-01', ranges, isMonthGone: true });
    const { verifierKey } = await compliance.call(ROUTES.getLatestAuditCheckpoint);
    const args = [ironforge, 'verify', fileWith('bundle.json', JSON.stringify(proof))];
    expect(await run([...args, '--key', fileWith('audit.pub', verifierKey)])).toBe(0);
    expect(await whole(tenant)).toMatchObject({ exitCode: 0, findings: [] });
  });

  it('are missed where no certificate counts, and told where they are still there', async () => {
    const { id, sequence, ranges } = await pruneAccess(spoilt);
    const [[gone] = [0]] = ranges;
    await whole(spoilt);
    const [certificate] = await rows(`SELECT * FROM audit_entries WHERE id = $1`, [id]);
    const forge = `UPDATE audit_entries SET canonical = replace(canonical, '"count":', '"count":1') WHERE id = $1`;
    await database.query(forge, [id]);
    const forged = await verifyLog(spoilt.id);
    expect(told(forged.findings)).toEqual(
      expect.arrayContaining([
        `certificate_refused entry ${sequence}`,
        `entry_changed entry ${sequence}`,
        `entry_missing entry ${gone}`,
      ]),
    );
    await database.query('UPDATE audit_entries SET canonical = $2 WHERE id = $1', [
      id,
      certificate?.['canonical'],
    ]);
    const again = `INSERT INTO audit_entries SELECT (jsonb_populate_record(e, jsonb_build_object('id', gen_random_uuid(),
      'event_id', gen_random_uuid(), 'sequence', $2::INT4))).* FROM audit_entries e WHERE id = $1`;
    await database.query(again, [id, gone]);
    expect(told((await verifyLog(spoilt.id)).findings)).toContain(`entry_not_pruned entry ${gone}`);
    await database.query('DELETE FROM audit_entries WHERE tenant_id = $1 AND sequence = $2', [
      spoilt.id,
      gone,
    ]);
    expect(told((await verifyLog(spoilt.id)).findings)).toEqual([]);
    const kept = `DELETE FROM audit_entries WHERE tenant_id = $1 AND sequence = (SELECT max(sequence) FROM audit_entries
      WHERE tenant_id = $1 AND type NOT IN ('entries_pruned', 'retention_changed')) RETURNING sequence`;
    const [removed] = await rows(kept, [spoilt.id]);
    expect(told((await verifyLog(spoilt.id)).findings)).toContain(
      `entry_missing entry ${String(removed?.['sequence'])}`,
    );
  });
});

/** What `audit verify` says once every certificate is sealed. */
async function whole({ id }: Tenant) {
  await waitUntil('everything to be sealed', async () => {
    const [row] = await rows('SELECT count(*) FROM audit_entries WHERE tenant_id = $1 AND sequence IS NULL', [
      id,
    ]);
    return Number(row?.['count']) === 0;
  });
  return await verifyLog(id);
}

function told(findings: Awaited<ReturnType<typeof verifyLog>>['findings']): string[] {
  return findings.map(({ kind, subject }) => `${kind} ${subject}`);
}

async function rows(sql: string, values: readonly unknown[]): Promise<Record<string, unknown>[]> {
  const { rows: found } = await database.query(sql, [...values]);
  return z.array(z.record(z.string(), z.unknown())).parse(found);
}

function fileWith(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

async function run(args: readonly string[]): Promise<number> {
  return await new Promise((done) => {
    const child = execFile(process.execPath, args, () => done(child.exitCode ?? -1));
  });
}
