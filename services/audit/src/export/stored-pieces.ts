import { exportHead } from '@ironforge/audit-log';
import { AppError } from '@ironforge/kernel';
import type { Store } from '@ironforge/store';
import { findExportPart } from '../queries/export-parts.ts';
import type { ExportSource } from './export-job.ts';
import { readPart } from './read-part.ts';

/** Bytes of a file: from this place up to, but not including, that. */
export interface ByteSpan {
  readonly from: number;
  readonly to: number;
}

/** The log no longer gives the bytes that were noted of a part. */
export const EXPORT_CHANGED = 'export_changed';

/**
 * A span of the file of an export, part by part: written anew from the log, and each part compared with what was noted of it
 * before anything of it is given. Throws `export_changed`. Nothing is held between two parts but the place.
 */
export async function* storedPieces(
  store: Store,
  source: ExportSource,
  span: ByteSpan,
): AsyncGenerator<Buffer> {
  const head = Buffer.from(exportHead(source.format));
  if (span.from < Math.min(head.length, span.to)) yield head.subarray(span.from, span.to);
  for (let at = Math.max(span.from, head.length); at < span.to; ) {
    const { bytes, byteOffset } = await partAt(store, source, at);
    yield bytes.subarray(at - byteOffset, span.to - byteOffset);
    at = byteOffset + bytes.length;
  }
}

async function partAt(store: Store, source: ExportSource, at: number) {
  return await store.forTenant(source.tenantId).transaction(
    async (tx) => {
      const part = await findExportPart(tx, source, at);
      if (part === undefined) throw changed(source, at);
      const { bytes, sha256 } = await readPart(tx, source, part);
      if (sha256 !== part.sha256) throw changed(source, at);
      return { bytes, byteOffset: part.byteOffset };
    },
    { isolation: 'read committed' },
  );
}

function changed({ exportId }: ExportSource, at: number): AppError {
  return new AppError(EXPORT_CHANGED, {
    detail: `export ${exportId} has other bytes from ${at} on than were noted`,
  });
}
