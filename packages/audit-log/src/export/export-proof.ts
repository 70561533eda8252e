import { readBundle, type ReadFlaw } from '../bundle/read-bundle.ts';
import { fieldsOf, hasOnly, parseHashList } from '../bundle/fields.ts';
import type { RangeProof } from '../tree/range-path.ts';

/** What comes with an export: the signed manifest, the checkpoint that it stands on, and the hashes beside its entries, or null. */
export interface ExportProof {
  readonly manifest: string;
  readonly checkpoint: string;
  readonly range: RangeProof | null;
}

/** Why bytes are no such proof. */
export type ExportProofFlaw = ReadFlaw | 'no_manifest' | 'malformed_range';

/** Takes the answer of `GET /v1/audit/exports/{id}/manifest` apart; nothing of it is proved. Never throws. */
export function parseExportProof(
  bytes: Uint8Array,
): { readonly proof: ExportProof } | { readonly rejected: ExportProofFlaw } {
  const read = readBundle(bytes);
  if ('rejected' in read) return read;
  const fields = fieldsOf(read.bundle);
  const [manifest, checkpoint] = [fields?.get('manifest'), fields?.get('checkpoint')];
  const isKnown = fields !== null && hasOnly(fields, ['manifest', 'checkpoint', 'range']);
  if (!isKnown || typeof manifest !== 'string' || typeof checkpoint !== 'string')
    return { rejected: 'no_manifest' };
  if (!fields.has('range')) return { proof: { manifest, checkpoint, range: null } };
  const range = rangeIn(fields.get('range'));
  return range === null ? { rejected: 'malformed_range' } : { proof: { manifest, checkpoint, range } };
}

function rangeIn(value: unknown): RangeProof | null {
  const fields = fieldsOf(value);
  const [left, right] = [parseHashList(fields?.get('left')), parseHashList(fields?.get('right'))];
  const isWhole = fields !== null && hasOnly(fields, ['left', 'right']);
  return isWhole && left !== null && right !== null ? { left, right } : null;
}
