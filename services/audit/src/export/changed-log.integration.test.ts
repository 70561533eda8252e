import { randomUUID } from 'node:crypto';
import { ROUTES } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Audit } from '../app.ts';
import { type AuditWorld, createAuditWorld, newTenant, walletUpdated } from '../audit.fixture.ts';
import { putOwnLeaf } from '../seal/stored-leaf.fixture.ts';
import { type Exporting, exportingAs } from './exports.fixture.ts';

const tenantId = newTenant();
let world: AuditWorld;
let audit: Audit;
let us: Exporting;

beforeAll(async () => {
  world = await createAuditWorld();
  audit = await world.start({ AUDIT_EXPORT_PART_ENTRIES: '3' });
  const walletId = randomUUID();
  await world.publish(
    [1, 2, 3, 4, 5, 6, 7, 8, 9].map((version) => walletUpdated(tenantId, walletId, version)),
  );
  await world.numbered(tenantId, 9);
  us = exportingAs(world, audit, tenantId);
});
afterAll(() => world[Symbol.asyncDispose]());

const RANGE = { format: 'jsonl', fromSequence: 1, toSequence: 9 };
const CSV = { ...RANGE, format: 'csv' };
const TYPED = { ...RANGE, filter: { type: 'wallet_updated' } };
const SET = 'UPDATE audit_entries SET';

/** In the second part, so that the first one is sent. */
const LATER = `WHERE tenant_id = '${tenantId}' AND sequence = 5`;
const FIRST = `WHERE tenant_id = '${tenantId}' AND sequence = 2`;

/** As a pruning would, but by an entry that certifies nothing. */
const PRUNE_BY_HAND = `WITH counted AS (
  INSERT INTO audit_pruned_entries (tenant_id, id, sequence, event_id, certificate_id)
  SELECT tenant_id, id, sequence, event_id, id FROM audit_entries WHERE tenant_id = '${tenantId}' AND sequence = 5)
  DELETE FROM audit_entries`;

/** Of the same part as what is taken out. */
const COUNT_AS_PRUNED = `WITH counted AS (
  INSERT INTO audit_pruned_entries (tenant_id, id, sequence, event_id, certificate_id)
  SELECT tenant_id, id, sequence, event_id, id FROM audit_entries WHERE tenant_id = '${tenantId}' AND sequence = 6)`;

describe('between job and download', () => {
  it.each([
    ['a text', RANGE, `${SET} canonical = replace(canonical, 'wallet at', 'wallet by')`],
    ['a column by which was searched', TYPED, `${SET} type = 'other'`],
    ['an entry taken out', RANGE, 'DELETE FROM audit_entries'],
  ])('%s that was changed is refused, and never served', async (_, wish, change) => {
    const job = await us.made(wish);
    await withChange(`${change} ${FIRST}`, async () => {
      const answer = await us.file(job.id);
      expect(answer.status).toBe(410);
      expect(await answer.json()).toMatchObject({ code: 'export_gone' });
    });
    expect((await us.file(job.id)).status).toBe(410);
    expect(world.log.lines.some((line) => JSON.stringify(line).includes('audit_export_changed'))).toBe(true);
  });

  it.each([
    ['a later part', RANGE, `${SET} canonical = canonical || ' ' ${LATER}`],
    ['a text that is no JSON any more, of a CSV,', CSV, `${SET} canonical = 'x' ${FIRST}`],
  ])('%s that was changed cuts the connection, and the next answer is 410', async (_, wish, change) => {
    const job = await us.made(wish);
    await withChange(change, async () => {
      const answer = await us.file(job.id);
      expect(answer.status).toBe(200);
      await expect(answer.arrayBuffer()).rejects.toThrow('terminated');
      await waitUntil('the answer 410', async () => (await us.file(job.id)).status === 410);
    });
  });
});

describe('before the job', () => {
  it.each([
    ['whose text was changed', RANGE, `${SET} canonical = replace(canonical, 'wallet at', 'wallet by')`],
    ['that was taken out', RANGE, 'DELETE FROM audit_entries'],
    ['that was taken out, and counts as pruned without a certificate', RANGE, PRUNE_BY_HAND],
    [
      'that was taken out, while one that is there counts as pruned',
      RANGE,
      `${COUNT_AS_PRUNED} DELETE FROM audit_entries`,
    ],
    [
      'whose text was changed, with a filter',
      TYPED,
      `${SET} canonical = replace(canonical, 'wallet at', 'wallet by')`,
    ],
  ])('nothing is signed of an entry %s', async (_, wish, change) => {
    await withChange(`${change} ${LATER}`, async () => {
      const { id } = ROUTES.createAuditExport.reply.parse(await (await us.ask(wish)).json());
      expect(await us.until(id, 'failed')).toMatchObject({ reason: 'entries_changed' });
      expect((await us.file(id)).status).toBe(410);
      expect(await us.manifest(id)).toContain('export_not_ready');
    });
  });
});

it('nothing is signed of an entry whose text was changed together with its leaf: the signed root tells', async () => {
  await withChange(`${SET} canonical = replace(canonical, 'wallet at', 'wallet by') ${LATER}`, async () => {
    await putOwnLeaf(world.database, tenantId, 5);
    const { id } = ROUTES.createAuditExport.reply.parse(await (await us.ask(TYPED)).json());
    expect(await us.until(id, 'failed')).toMatchObject({ reason: 'entries_changed' });
  });
  await putOwnLeaf(world.database, tenantId, 5);
  await us.made(TYPED);
});

it('a file whose time is over is gone, its parts too; what was signed of it stays', async () => {
  const job = await us.made(RANGE);
  await world.database.query(
    `UPDATE export_jobs SET expires_at = now() - INTERVAL '1 second' WHERE id = $1`,
    [job.id],
  );
  const expired = await us.until(job.id, 'expired');
  expect(expired.parts).toBe(0);
  expect((await us.file(job.id)).status).toBe(410);
  expect(await us.manifest(job.id)).toContain('ironforge/audit-export@v1');
});

it('an export whose checkpoint was taken out ends as failed, and holds no place', async () => {
  const { id } = await us.made(RANGE);
  await world.database.query(
    `DELETE FROM audit_checkpoints c USING export_jobs j
     WHERE j.id = $1 AND c.tenant_id = j.tenant_id AND c.size = j.checkpoint_size`,
    [id],
  );
  expect(JSON.parse(await us.manifest(id))).toMatchObject({ status: 410, code: 'checkpoint_missing' });
  const again = randomUUID();
  await world.database.query(
    `INSERT INTO export_jobs SELECT (jsonb_populate_record(j, jsonb_build_object('id', $2::TEXT, 'status', 'waiting',
       'searched_sequence', 0, 'entries', 0, 'size_bytes', 0, 'sha256', NULL, 'manifest', NULL))).*
     FROM export_jobs j WHERE id = $1`,
    [id, again],
  );
  expect(await us.until(again, 'failed')).toMatchObject({ reason: 'entries_changed' });
});

/** Does something with the log changed, and puts it back. */
async function withChange(change: string, work: () => Promise<void>): Promise<void> {
  await world.database.query('CREATE TABLE kept_entries AS TABLE audit_entries');
  try {
    await world.database.query(change);
    await work();
  } finally {
    await world.database.query(
      `DELETE FROM audit_entries WHERE id IN (SELECT id FROM kept_entries);
       INSERT INTO audit_entries TABLE kept_entries; DROP TABLE kept_entries;
       DELETE FROM audit_pruned_entries WHERE tenant_id = '${tenantId}'`,
    );
  }
}
