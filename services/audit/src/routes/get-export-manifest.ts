import { type RangeProof, rangeProof, tilesForRange } from '@ironforge/audit-log';
import { appError, ROUTES } from '@ironforge/contracts';
import { bind, type BoundRoute } from '@ironforge/service-kit';
import type { Store, Tx } from '@ironforge/store';
import { type ExportSource, isWhole, sourceOf } from '../export/export-job.ts';
import { findTiles } from '../queries/audit-tiles.ts';
import { findExport } from '../queries/export-jobs.ts';
import { checkpointNote } from '../seal/checkpoint-note.ts';

/** `GET /v1/audit/exports/{id}/manifest`: what a stranger needs to check the file. */
export function getExportManifest({ store }: { readonly store: Store }): BoundRoute {
  return bind(ROUTES.getAuditExportManifest, async ({ caller: { tenantId }, params: { id } }) => {
    return await store.forTenant(tenantId).transaction(async (tx) => {
      const row = await findExport(tx, tenantId, id);
      if (row === undefined) return appError('not_found');
      if (row.manifest === null)
        return appError('export_not_ready', { detail: `the export is ${row.status}` });
      const source = sourceOf(row);
      const note = await checkpointNote(tx, tenantId, source.size);
      const isComplete = isWhole(source) && Number(row.entries) === source.last - source.first + 1;
      const range = isComplete ? { range: await rangeOf(tx, source) } : {};
      return { status: 200, body: { manifest: row.manifest, checkpoint: note, ...range } };
    });
  });
}

async function rangeOf(tx: Tx, { tenantId, first, last, size }: ExportSource) {
  const leaves = { start: first - 1, end: last, size };
  const proof = rangeProof(leaves, await findTiles(tx, tenantId, tilesForRange(leaves)));
  return { left: base64(proof.left), right: base64(proof.right) };
}

function base64(hashes: RangeProof['left']): string[] {
  return hashes.map((hash) => Buffer.from(hash).toString('base64'));
}
