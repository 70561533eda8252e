import { randomUUID } from 'node:crypto';
import { ROUTES } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Audit } from '../app.ts';
import { type AuditWorld, createAuditWorld, newTenant, walletUpdated } from '../audit.fixture.ts';
import { exportingAs } from './exports.fixture.ts';

const tenantId = newTenant();
const ENTRIES = 400;
let world: AuditWorld;
let audit: Audit;

beforeAll(async () => {
  world = await createAuditWorld();
  audit = await world.start();
  const walletId = randomUUID();
  const versions = Array.from({ length: ENTRIES }, (_, at) => at + 1);
  await world.publish(versions.map((version) => walletUpdated(tenantId, walletId, version)));
  await world.numbered(tenantId, ENTRIES);
});
afterAll(() => world[Symbol.asyncDispose]());

it('an export whose process was killed in the middle is gone on with by another, and is the same', async () => {
  const us = exportingAs(world, audit, tenantId);
  const wish = { format: 'jsonl', fromSequence: 1, toSequence: ENTRIES };
  const undisturbed = await us.made(wish);
  await audit[Symbol.asyncDispose]();
  const id = randomUUID();
  await world.database.query(
    `INSERT INTO export_jobs (tenant_id, id, format, filter, first_sequence, last_sequence, checkpoint_size,
       searched_sequence, size_bytes, created_by_type, created_by_id, created_at, expires_at)
     SELECT tenant_id, $1, format, filter, first_sequence, last_sequence, checkpoint_size, 0, 0, created_by_type,
       created_by_id, now(), now() + INTERVAL '1 hour' FROM export_jobs WHERE id = $2`,
    [id, undisturbed.id],
  );
  const doomed = world.spawn({ AUDIT_EXPORT_PART_ENTRIES: '1' });
  const half = await waitUntil('some parts', async () => {
    const rows = await world.database.query(
      'SELECT searched_sequence::FLOAT8 AS at, fence::FLOAT8 AS fence FROM export_jobs WHERE id = $1',
      [id],
    );
    return Number(rows[0]?.['at']) > 20 ? rows[0] : null;
  });
  await doomed.kill();
  const left = await world.database.query(
    'SELECT status, searched_sequence::FLOAT8 AS at FROM export_jobs WHERE id = $1',
    [id],
  );
  expect(left[0]).toMatchObject({ status: 'running' });
  expect(Number(left[0]?.['at'])).toBeLessThan(ENTRIES);

  const second = exportingAs(world, await world.start(), tenantId);
  const job = await second.until(id, 'ready');
  expect(job).toMatchObject({
    sha256: undisturbed.sha256,
    entries: ENTRIES,
    sizeBytes: undisturbed.sizeBytes,
  });
  expect(job.parts).toBeGreaterThan(Number(half['at']) - 1);
  const file = Buffer.from(await (await second.file(id)).arrayBuffer());
  expect((await second.verdict(file, await second.manifest(id))).isProved).toBe(true);
  const fences = await world.database.query('SELECT fence::FLOAT8 AS fence FROM export_jobs WHERE id = $1', [
    id,
  ]);
  expect(Number(fences[0]?.['fence'])).toBe(Number(half['fence']) + 1);
  expect(ROUTES.getAuditExport.reply.parse(job).status).toBe('ready');
}, 60_000);
