import { randomUUID } from 'node:crypto';
import { ROUTES } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Audit } from '../app.ts';
import { type AuditWorld, createAuditWorld, newTenant, personOf, walletUpdated } from '../audit.fixture.ts';
import { putOwnLeaf } from '../seal/stored-leaf.fixture.ts';
import { CHAIN, depositsOf, hash, HEAD, reportingAs, type Shown, startWatcher } from './reports.fixture.ts';

const tenantId = newTenant();
const other = newTenant();
const walletId = randomUUID();
const { depositAt, observed } = depositsOf(tenantId, walletId);
const shown: Shown = { received: [], asked: [] };
let world: AuditWorld;
let audit: Audit;
let us: ReturnType<typeof reportingAs>;
const running = new AsyncDisposableStack();

beforeAll(async () => {
  world = running.use(await createAuditWorld());
  const watcher = running.use(await startWatcher(world, shown));
  audit = await world.start({ CHAIN_WATCHER_EVM_URL: watcher.url });
  us = reportingAs(world, audit, tenantId);
  shown.received = [depositAt(5, 'a'), depositAt(60, 'b')];
  await world.publish([walletUpdated(tenantId, walletId, 1), observed(5, 'a'), observed(60, 'b')]);
  await world.numbered(tenantId, 3);
});
afterAll(() => running.disposeAsync());

describe('a report', () => {
  it('asks the watcher for the whole range, finds nothing where nothing differs, and is proved by the key alone', async () => {
    shown.asked = [];
    const report = await us.make({ from: 1, to: 110 });
    expect(report.findings).toEqual([]);
    expect(shown.asked).toEqual([1, 51, 101]);
    expect(await us.verdictOf(report)).toMatchObject({
      isProved: true,
      whole: { proved: { from: 1, to: 110 } },
    });
  });

  it('names a transfer without an entry, and an entry without its transfer', async () => {
    const before = shown.received;
    shown.received = [depositAt(5, 'a'), depositAt(61, 'c')];
    const report = await us.make({ from: 1, to: 110 });
    shown.received = before;
    const found = report.findings.map(({ kind, height, entry }) => [kind, height, entry?.sequence ?? null]);
    expect(found).toEqual([
      ['transfer_without_entry', 61, null],
      ['entry_without_transfer', 60, await numberOf('b')],
    ]);
    const verdict = await us.verdictOf(report);
    expect(verdict).toMatchObject({ isProved: true, whole: { proved: { findings: 2 } } });
    expect((await us.verdictOf({ ...report, findings: [] })).isProved).toBe(false);
  });

  it('takes the last word about a deposit: one that a reorg took back is in no block', async () => {
    const before = await world.entries(tenantId);
    const depositId = randomUUID();
    await world.publish([observed(70, 'd', { depositId })]);
    const undone = { depositId, version: 2, depth: 'none', blockHeight: null, blockHash: null };
    await world.publish([observed(70, 'd', undone)]);
    await world.numbered(tenantId, before.length + 2);
    expect((await us.make({ from: 62, to: 110 })).findings).toEqual([]);
  });

  it('names an entry that was taken out of the log', async () => {
    await world.database.query('CREATE TABLE kept AS TABLE audit_entries');
    await world.database.query(`DELETE FROM audit_entries WHERE tx_hash = '${hash('a')}'`);
    const { findings } = await us.make({ from: 1, to: 50 });
    await world.database.query('INSERT INTO audit_entries SELECT * FROM kept ON CONFLICT DO NOTHING');
    await world.database.query('DROP TABLE kept');
    expect(findings).toMatchObject([{ kind: 'transfer_without_entry', height: 5, onChain: '7' }]);
  });

  it.each([
    ['to fit the chain', `replace(canonical, '"amount":"7"', '"amount":"8"')`],
    ['to something that nobody can read', `'{'`],
  ])('believes no text that was changed %s, and names its entry', async (_, changed) => {
    const before = shown.received;
    const where = `WHERE tx_hash = '${hash('a')}'`;
    await world.database.query('CREATE TABLE kept AS TABLE audit_entries');
    await world.database.query(`UPDATE audit_entries SET canonical = ${changed} ${where}`);
    shown.received = [{ ...depositAt(5, 'a'), amount: '8' }];
    const { findings, ...report } = await us.make({ from: 1, to: 50 });
    shown.received = before;
    const [kept] = await world.database.query(`SELECT id, canonical FROM kept ${where}`);
    await world.database.query(`UPDATE audit_entries SET canonical = $1 ${where}`, [kept?.['canonical']]);
    await world.database.query('DROP TABLE kept');
    expect(findings).toMatchObject([
      { kind: 'transfer_without_entry', height: 5, onChain: '8', entry: null },
      { kind: 'entry_altered', entry: { id: kept?.['id'], sequence: await numberOf('a') } },
    ]);
    expect(await us.verdictOf({ ...report, findings })).toMatchObject({ isProved: true });
    expect((await us.make({ from: 1, to: 50 })).findings).toEqual([]);
  });

  it('believes no text that was changed together with its leaf: the signed root tells', async () => {
    const sequence = await numberOf('a');
    const swap = async (from: string, to: string) => {
      await world.database.query(
        `UPDATE audit_entries SET canonical = replace(canonical, $2, $3) WHERE tx_hash = $1`,
        [hash('a'), from, to],
      );
      await putOwnLeaf(world.database, tenantId, sequence);
    };
    await swap('"amount":"7"', '"amount":"8"');
    const { findings } = await us.make({ from: 1, to: 50 });
    await swap('"amount":"8"', '"amount":"7"');
    expect(findings).toMatchObject([
      { kind: 'transfer_without_entry', height: 5 },
      { kind: 'entry_altered', entry: { sequence } },
    ]);
    expect((await us.make({ from: 1, to: 50 })).findings).toEqual([]);
  });

  it('is kept, listed, and told by an entry', async () => {
    const made = await us.make({ from: 1, to: 5 });
    expect(await (await us.send(`/v1/audit/reports/${made.id}`)).json()).toEqual(made);
    const listed = ROUTES.listAuditReports.reply.parse(await (await us.send('/v1/audit/reports')).json());
    expect(listed.data[0]).toMatchObject({ id: made.id, findingCount: 0 });
    const told = await waitUntil('the entry about it', async () => {
      const answer = await us.send(`/v1/audit/entries?resourceId=${made.id}`);
      const { data } = ROUTES.listAuditEntries.reply.parse(await answer.json());
      return data.length > 0 ? data : null;
    });
    expect(told.map(({ type }) => type)).toEqual(['audit_report_created']);
  });

  it('is made once for a key', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const [one, again] = [
      await us.make({ from: 1, to: 5 }, headers),
      await us.make({ from: 1, to: 5 }, headers),
    ];
    expect(again.id).toBe(one.id);
  });
});

describe('what is refused', () => {
  it.each([
    ['blocks that are not followed yet', { from: 1, to: HEAD + 1 }, 422],
    ['too many blocks', { from: 1, to: 501 }, 422],
    ['a range that ends before it begins', { from: 5, to: 4 }, 422],
  ])('%s', async (_, blocks, status) => {
    expect((await us.ask(blocks)).status).toBe(status);
  });

  it('a report while the watcher is away', async () => {
    await using alone = await createAuditWorld();
    const { url } = await alone.start();
    await alone.publish([walletUpdated(tenantId, walletId, 1)]);
    await alone.numbered(tenantId, 1);
    const headers = {
      authorization: await alone.authorize(personOf(tenantId, 'audit:export')),
      'content-type': 'application/json',
    };
    const body = JSON.stringify({ chainId: CHAIN, from: 1, to: 5 });
    expect((await fetch(`${url}/v1/audit/reports`, { method: 'POST', headers, body })).status).toBe(503);
  });

  it('a report whose checkpoint was taken out of the tables, by a name that says so', async () => {
    const { id, checkpointSize } = await us.make({ from: 1, to: 5 });
    const ofReport = `WHERE tenant_id = '${tenantId}' AND size = ${checkpointSize}`;
    await world.database.query(`CREATE TABLE kept AS SELECT * FROM audit_checkpoints ${ofReport}`);
    await world.database.query(`DELETE FROM audit_checkpoints ${ofReport}`);
    const answer = await us.send(`/v1/audit/reports/${id}`);
    await world.database.query('INSERT INTO audit_checkpoints TABLE kept; DROP TABLE kept');
    expect(answer.status).toBe(410);
    expect(await answer.json()).toMatchObject({ code: 'checkpoint_missing' });
  });

  it('the report of another tenant', async () => {
    const { id } = await us.make({ from: 1, to: 5 });
    const headers = { authorization: await world.authorize(personOf(other, 'audit:export')) };
    expect((await fetch(new URL(`/v1/audit/reports/${id}`, audit.url), { headers })).status).toBe(404);
  });
});

/** The number of the entry about a deposit. */
async function numberOf(letter: string): Promise<number> {
  const rows = await world.database.query(
    'SELECT sequence::FLOAT8 AS number FROM audit_entries WHERE tx_hash = $1',
    [hash(letter)],
  );
  return Number(rows[0]?.['number']);
}
