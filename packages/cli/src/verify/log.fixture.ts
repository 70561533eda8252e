import { createHash } from 'node:crypto';
import {
  appendLeaves,
  consistencyProof,
  cosign,
  type ExportFormat,
  exportHead,
  exportLine,
  formatCheckpoint,
  formatKey,
  formatManifest,
  formatNote,
  formatTlogProof,
  inclusionProof,
  keyOf,
  leafHash,
  logSigner,
  rangeProof,
  rootOf,
  signNote,
  tileMap,
  witnessSigner,
} from '@ironforge/audit-log';

const ENTRIES = 40;
const SEEN_AT_SECONDS = 1_764_000_000;
const witness = witnessSigner('witness.example/w1', new Uint8Array(32).fill(8));

/** The verifier key of the witness that has seen every checkpoint. */
export const witnessKey = formatKey(keyOf(witness));

/** The verifier key of a witness that has seen none. */
export const otherWitnessKey = formatKey(keyOf(witnessSigner('witness.example/w2', witness.seed)));

/** The log of one tenant with forty entries: what an auditor is given of it. */
export function playedLog(tenantId: string) {
  const signer = logSigner(`played.example/audit/${tenantId}`, new Uint8Array(32).fill(7));
  const entries = Array.from({ length: ENTRIES }, (_, at) => entryOf(tenantId, at + 1));
  const treeOf = (size: number) => {
    const leafHashes = entries.slice(0, size).map((entry) => leafHash(Buffer.from(canonicalText(entry))));
    return tileMap(appendLeaves({ size: 0, leafHashes }, new Map()));
  };
  const noteOf = (size: number): string => {
    const root = rootOf(size, treeOf(size));
    const text = formatCheckpoint({ origin: signer.name, size, root, extensions: [] });
    return formatNote({ text, signatures: [signNote(text, signer), cosign(text, SEEN_AT_SECONDS, witness)] });
  };
  const proofOf = (sequence: number, size: number, checkpoint = noteOf(size)): string => {
    const hashes = inclusionProof({ index: sequence - 1, size }, treeOf(size));
    return formatTlogProof({ index: sequence - 1, hashes, checkpoint, extra: new Uint8Array() });
  };
  const growthOf = (from: number, to: number) => {
    const hashes = consistencyProof({ oldSize: from, newSize: to }, treeOf(to));
    return { from, to, hashes: hashes.map(base64) };
  };
  const bundleOf = (sequence: number, from: number) => ({
    entry: entries[sequence - 1],
    tlogProof: proofOf(sequence, ENTRIES),
    consistency: growthOf(from, ENTRIES),
  });
  const textAt = (sequence: number) => canonicalText(entryOf(tenantId, sequence));
  const exportOf = (format: ExportFormat, first: number, last: number) => {
    const lines = entries.slice(first - 1, last).map((entry) => exportLine(format, canonicalText(entry)));
    const file = Buffer.from([exportHead(format), ...lines].join(''));
    const text = formatManifest({
      ...{ origin: signer.name, exportId: 'e1', format, filter: '{}', first, last, entries: lines.length },
      ...{ sizeBytes: file.length, sha256Hex: createHash('sha256').update(file).digest('hex') },
      ...{ size: ENTRIES, root: rootOf(ENTRIES, treeOf(ENTRIES)) },
      ...{ createdAt: '2026-01-02T03:04:05.678Z', createdBy: 'user:u1' },
    });
    const { left, right } = rangeProof({ start: first - 1, end: last, size: ENTRIES }, treeOf(ENTRIES));
    const manifest = formatNote({ text, signatures: [signNote(text, signer)] });
    const range = { left: left.map(base64), right: right.map(base64) };
    return { file: file.toString(), manifest: { manifest, checkpoint: noteOf(ENTRIES), range } };
  };
  return { key: formatKey(keyOf(signer)), textAt, exportOf, noteOf, proofOf, growthOf, bundleOf };
}

function base64(hash: Uint8Array): string {
  return Buffer.from(hash).toString('base64');
}

function entryOf(tenantId: string, sequence: number) {
  const actor = { id: 'Zoë', type: 'user' };
  return {
    actor,
    details: { amount: '5', note: null },
    sequence,
    tenantId,
    type: 'wallet_updated',
    version: 1,
  };
}

/** What RFC 8785 writes of these entries, whose names stand in their order already. */
function canonicalText(entry: ReturnType<typeof entryOf>): string {
  return JSON.stringify(entry);
}
