import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve as resolvePath } from 'node:path';
import { ROUTES } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { breakOnPurpose } from './oracle/exempt.ts';
import { openDatabase, reconcileChain } from './world/books.ts';
import { chain } from './world/environment.ts';
import { mine } from './world/node.ts';
import { allowAll, askToPay, openWallet, type Request, signAndSubmit, untilStatus } from './world/payment.ts';
import { present } from './world/present.ts';
import { foundTenant, type Tenant } from './world/tenant.ts';

const ironforge = resolvePath(import.meta.dirname, '../packages/cli/src/main.ts');
const folder = mkdtempSync(join(tmpdir(), 'audit-report-'));
const saved = join(folder, 'report.json');
const Line = z.object({ kind: z.string() });
let tenant: Tenant;
let payment: Request;
let key: string;

/** A payment from one wallet of the tenant to another: an entry about a payment, and one about a deposit. */
beforeAll(async () => {
  tenant = await foundTenant();
  breakOnPurpose(tenant.id);
  await allowAll(tenant);
  const [payer, payee] = await Promise.all([openWallet(tenant), openWallet(tenant)]);
  const asked = await askToPay(tenant.operator, payer, { to: payee.address });
  await signAndSubmit(tenant.signer, asked, payer.key);
  payment = await untilStatus(tenant.operator, asked, 'confirmed');
  await lastWordOfDeposit(present(payment.txHash, 'its hash'));
  const { verifierKey } = await tenant.compliance.call(ROUTES.getLatestAuditCheckpoint);
  key = join(folder, 'audit.pub');
  writeFileSync(key, verifierKey);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('ironforge reconcile --report', () => {
  it('finds nothing between chain and log, and what the log signed of it is proved offline', async () => {
    expect(await reconcileChain(tenant, chain.chainId, '--report', saved)).toMatchObject({
      code: 0,
      lines: [{ ok: true, differences: 0, findings: 0 }],
    });
    const { code, out } = await verify();
    expect(out).toMatch(/^blocks +proved .*none left out/m);
    expect(out).toContain('nothing differed');
    expect(code).toBe(0);
  });

  it.each([
    [
      'a deposit whose entries are gone',
      `DELETE FROM audit_entries WHERE tenant_id = $1 AND type = 'deposit_observed' AND tx_hash = $2`,
      ['transfer_without_entry'],
    ],
    [
      'a payment whose entries are gone',
      `DELETE FROM audit_entries WHERE tenant_id = $1 AND resource_type = 'tx_request' AND resource_id IN
         (SELECT resource_id FROM audit_entries WHERE tenant_id = $1 AND tx_hash = $2)`,
      ['transfer_without_entry'],
    ],
    [
      'a deposit whose entries were changed into those about another one',
      `UPDATE audit_entries SET canonical = replace(canonical, $2, '0x${'e'.repeat(64)}'), tx_hash = '0x${'e'.repeat(64)}'
       WHERE tenant_id = $1 AND type = 'deposit_observed' AND tx_hash = $2`,
      ['transfer_without_entry', 'entry_altered'],
    ],
  ])('names %s, in what it prints and in what is signed', async (_, plant, kinds) => {
    await using database = await openDatabase();
    await database.query(`CREATE TABLE kept_report AS SELECT * FROM audit_entries WHERE tenant_id = $1`, [
      tenant.id,
    ]);
    await database.query(plant, [tenant.id, payment.txHash]);
    const { code, lines } = await reconcileChain(tenant, chain.chainId, '--report', saved);
    await database.query('DELETE FROM audit_entries WHERE id IN (SELECT id FROM kept_report)');
    await database.query('INSERT INTO audit_entries SELECT * FROM kept_report');
    await database.query('DROP TABLE kept_report');
    expect(code).toBe(5);
    const found = lines.slice(0, -1);
    expect([...new Set(found.map((line) => Line.parse(line).kind))]).toEqual(kinds);
    expect(found[0]).toMatchObject({ height: payment.blockHeight });
    const proved = await verify();
    expect(proved.out.match(/^finding .*$/gm)).toHaveLength(found.length);
    expect(proved.code).toBe(0);
    writeFileSync(saved, readFileSync(saved, 'utf8').replace('without_entry', 'without_enter'));
    expect(await verify()).toMatchObject({ code: 6 });
  });
});

/** A deposit is told of at each depth: what comes after an entry was taken away would stand for it. */
async function lastWordOfDeposit(txHash: string): Promise<void> {
  await mine(40);
  const query = { type: 'deposit_observed', txHash };
  await waitUntil('the last entry of the deposit', async () => {
    const { data } = await tenant.compliance.call(ROUTES.listAuditEntries, { query });
    return data.some(({ details }) => details['depth'] === 'finalized');
  });
}

async function verify() {
  return await new Promise<{ code: number; out: string }>((done) => {
    const child = execFile(process.execPath, [ironforge, 'verify', saved, '--key', key], (_error, out) =>
      done({ code: child.exitCode ?? -1, out }),
    );
  });
}
