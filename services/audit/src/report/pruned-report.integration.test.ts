import { randomUUID } from 'node:crypto';
import { tellReports } from '@ironforge/audit-log';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Audit } from '../app.ts';
import { type AuditWorld, createAuditWorld, newTenant } from '../audit.fixture.ts';
import { ageEntries, complianceOf, longAgo, retentionOf } from '../keep/keep.fixture.ts';
import { depositsOf, hash, reportingAs, type Shown, startWatcher } from './reports.fixture.ts';

const tenantId = newTenant();
const walletId = randomUUID();
const { depositAt, observed } = depositsOf(tenantId, walletId);
const shown: Shown = { received: [], asked: [] };
const transferOf = (letter: string) => `${hash(letter)} #0 to wallet ${walletId}`;
let world: AuditWorld;
let audit: Audit;
let us: ReturnType<typeof reportingAs>;
/** By which the first two of three entries were pruned. */
let certificate: string;
const running = new AsyncDisposableStack();

beforeAll(async () => {
  world = running.use(await createAuditWorld());
  const watcher = running.use(await startWatcher(world, shown));
  audit = await world.start({ CHAIN_WATCHER_EVM_URL: watcher.url });
  us = reportingAs(world, audit, tenantId);
  shown.received = [depositAt(5, 'a'), depositAt(6, 'b'), depositAt(60, 'c')];
  for (const [at, message] of [observed(5, 'a'), observed(6, 'b'), observed(60, 'c')].entries()) {
    await world.publish([longAgo(message)]);
    await world.numbered(tenantId, at + 1);
  }
  await ageEntries(world.database, tenantId, { sequences: [1, 2], at: '2020-01-15T00:00:00Z' });
  const compliance = complianceOf(world, audit, tenantId);
  await compliance.send('PUT', '/v1/audit/retention', retentionOf({ transfers: 30 }));
  certificate = (await compliance.certified(1))[0]?.id ?? '';
});
afterAll(() => running.disposeAsync());

async function found() {
  const { findings } = await us.make({ from: 1, to: 110 });
  return findings.map(({ kind, height, entry }) => [kind, height, entry?.sequence ?? null]);
}

it('names pruned entries as that, with number and certificate, and whoever verifies it hears so', async () => {
  const report = await us.make({ from: 1, to: 110 });
  const pruned = {
    kind: 'entry_pruned',
    onChain: '7',
    inLog: `/v1/audit/deletion-certificates/${certificate}`,
  };
  expect(report.findings).toMatchObject([
    { ...pruned, height: 5, transfer: transferOf('a'), entry: { sequence: 1 } },
    { ...pruned, height: 6, transfer: transferOf('b'), entry: { sequence: 2 } },
  ]);
  const verdict = await us.verdictOf(report);
  expect(verdict).toMatchObject({ isProved: true });
  expect(tellReports(verdict).sentence).toContain('2 findings, 2 of them entries that were pruned');
});

it('calls missing what no certificate covers, whatever a row says of it', async () => {
  await world.database.query(
    'CREATE TABLE kept AS TABLE audit_entries; CREATE TABLE rows AS TABLE audit_pruned_entries',
  );
  await world.database.query(
    `WITH gone AS (DELETE FROM audit_entries WHERE tenant_id = $1 AND tx_hash = $2 RETURNING id, event_id, sequence)
     INSERT INTO audit_pruned_entries (tenant_id, id, sequence, event_id, certificate_id, transfer)
     SELECT $1, id, sequence, event_id, $3::UUID, $4 FROM gone`,
    [tenantId, hash('c'), certificate, transferOf('c')],
  );
  const uncovered = await found();
  await world.database.query(
    `INSERT INTO audit_entries SELECT * FROM kept ON CONFLICT DO NOTHING; DELETE FROM audit_pruned_entries;
     INSERT INTO audit_pruned_entries TABLE rows; DROP TABLE kept; DROP TABLE rows`,
  );
  expect(uncovered).toContainEqual(['transfer_without_entry', 60, null]);
  expect((await found()).map(([kind]) => kind)).toEqual(['entry_pruned', 'entry_pruned']);
});

it('takes no pruned entry for the one of another transfer: the certificate says of which they told', async () => {
  shown.received = [...shown.received, depositAt(70, 'd')];
  const renamed = async (from: string, to: string) =>
    await world.database.query('UPDATE audit_pruned_entries SET transfer = $2 WHERE transfer = $1', [
      transferOf(from),
      transferOf(to),
    ]);
  await renamed('a', 'd');
  const told = await found();
  await renamed('d', 'a');
  expect(told.map(([kind]) => kind)).toEqual(Array(3).fill('transfer_without_entry'));
});
