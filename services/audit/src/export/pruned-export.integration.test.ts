import { tellExport } from '@ironforge/audit-log';
import { ROUTES } from '@ironforge/contracts';
import type { TenantId } from '@ironforge/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Audit } from '../app.ts';
import { type AuditWorld, createAuditWorld, loginFailed, newTenant } from '../audit.fixture.ts';
import { ageEntries, complianceOf, longAgo, retentionOf } from '../keep/keep.fixture.ts';
import { type Exporting, exportingAs } from './exports.fixture.ts';

let world: AuditWorld;
let audit: Audit;
let tenantId: TenantId;
let us: Exporting;
/** Of all six entries, before any was pruned. */
let early: Export;

beforeAll(async () => {
  world = await createAuditWorld();
  audit = await world.start({ AUDIT_EXPORT_PART_ENTRIES: '3' });
  tenantId = newTenant();
  us = exportingAs(world, audit, tenantId);
  await world.publish(Array.from({ length: 6 }, () => longAgo(loginFailed(tenantId))));
  await world.numbered(tenantId, 6);
  early = await exported({ format: 'jsonl', fromSequence: 1, toSequence: 6 });
  await ageEntries(world.database, tenantId, { sequences: [1, 2, 4], at: '2020-01-15T00:00:00Z' });
  const compliance = complianceOf(world, audit, tenantId);
  await compliance.send('PUT', '/v1/audit/retention', retentionOf({ access: 30 }));
  await compliance.certified(1);
});
afterAll(() => world[Symbol.asyncDispose]());

describe.each(['jsonl', 'csv'])('an export as %s of a range of which entries were pruned', (format) => {
  it('says in its manifest that they were left out, and whoever verifies it hears so', async () => {
    const { job, file, manifest } = await exported({ format, fromSequence: 1, toSequence: 6 });
    expect(job).toMatchObject({ entries: 3, filter: {} });
    expect(sequencesIn(file.toString())).toEqual([3, 5, 6]);
    expect(manifest).toContain('\\nfilter {\\"pruned\\":\\"left_out\\"}\\n');
    const verdict = await us.verdict(file, manifest);
    expect(verdict).toMatchObject({
      isProved: true,
      manifest: { proved: { first: 1, last: 6, entries: 3, filter: '{"pruned":"left_out"}' } },
      lines: { proved: { entries: 3 } },
      tree: { unproved: 'chosen_by_filter' },
    });
    const { parts, sentence } = tellExport(verdict);
    expect(parts[0]?.text).toContain('filter {"pruned":"left_out"}');
    expect(sentence).toContain('the word of its key');
  });

  it('says nothing of it where the range has none of them', async () => {
    const { file, manifest } = await exported({ format, fromSequence: 5, toSequence: 6 });
    expect(await us.verdict(file, manifest)).toMatchObject({
      isProved: true,
      manifest: { proved: { filter: '{}' } },
      tree: { proved: { first: 5, last: 6 } },
    });
  });
});

it('a file that was fetched before its entries were pruned stays proved as a whole, and is served no more', async () => {
  expect((await us.file(early.job.id)).status).toBe(410);
  expect(sequencesIn(early.file.toString())).toEqual([1, 2, 3, 4, 5, 6]);
  expect(await us.verdict(early.file, await us.manifest(early.job.id))).toMatchObject({
    isProved: true,
    manifest: { proved: { filter: '{}' } },
    tree: { proved: { first: 1, last: 6 } },
  });
});

it('nothing is signed where an entry is gone that the sealed certificate does not cover, whatever rows and texts say', async () => {
  await world.database.query(
    `WITH gone AS (DELETE FROM audit_entries WHERE tenant_id = $1 AND sequence = 3 RETURNING id, event_id),
       widened AS (UPDATE audit_entries SET canonical = replace(canonical, '"ranges":[[1,2]', '"ranges":[[1,3]')
         WHERE tenant_id = $1 AND type = 'entries_pruned' RETURNING id)
     INSERT INTO audit_pruned_entries (tenant_id, id, sequence, event_id, certificate_id)
     SELECT $1, gone.id, 3, gone.event_id, widened.id FROM gone, widened`,
    [tenantId],
  );
  const { id } = ROUTES.createAuditExport.reply.parse(
    await (await us.ask({ format: 'jsonl', fromSequence: 1, toSequence: 6 })).json(),
  );
  expect(await us.until(id, 'failed')).toMatchObject({ reason: 'entries_changed' });
});

type Export = Awaited<ReturnType<typeof exported>>;

async function exported(wish: object) {
  const job = await us.made(wish);
  const answer = await us.file(job.id);
  return { job, file: Buffer.from(await answer.arrayBuffer()), manifest: await us.manifest(job.id) };
}

function sequencesIn(file: string): number[] {
  return [...file.matchAll(/"+sequence"+:(\d+)/g)].map(([, number]) => Number(number));
}
