import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { type HeadVerdict, type Trust, verifyHead } from '../bundle/trust.ts';
import { provedWitnesses } from '../bundle/proved-witnesses.ts';
import { formatBase64 } from '../text/encodings.ts';
import { sameBytes } from '../tree/hashes.ts';
import { createEntryReader, type EntriesRead } from './create-entry-reader.ts';
import { type ExportProof, type ExportProofFlaw, parseExportProof } from './export-proof.ts';
import { type ExportManifest, verifyManifest } from './manifest.ts';
import type { ExportPart, ExportVerdict, ProvedManifest } from './verdict.ts';

/** Takes the bytes of an export as they come, holds one line of them at most, and judges at the end. Never throws. */
export interface ExportVerifier {
  readonly add: (chunk: Uint8Array) => void;
  readonly end: () => ExportVerdict;
}

/**
 * Checks an export by the proof that came with it and by the keys that one has. Without a filter its entries are shown to be all
 * those of a range of the log's tree, whoever says so; what a filter chose is the word of the log's key.
 */
export function createExportVerifier(proofBytes: Uint8Array, trust: Trust): ExportVerifier {
  const opened = openProof(proofBytes, trust);
  if ('rejected' in opened)
    return { add: () => undefined, end: () => ({ ...NOTHING, manifest: { rejected: opened.rejected } }) };
  const reader = createEntryReader(opened.manifest, opened.proof.range);
  const hash = sha256.create();
  let sizeBytes = 0;
  return {
    add: (chunk) => {
      hash.update(chunk);
      sizeBytes += chunk.length;
      reader.add(chunk);
    },
    end: () =>
      judge(opened, { sha256Hex: bytesToHex(hash.digest()), sizeBytes, entries: reader.end() }, trust),
  };
}

const STANDS_ON_REFUSED = { unproved: 'stands_on_refused' } as const;

const NOTHING = {
  isProved: false,
  file: STANDS_ON_REFUSED,
  lines: STANDS_ON_REFUSED,
  checkpoint: STANDS_ON_REFUSED,
  tree: STANDS_ON_REFUSED,
  witnesses: STANDS_ON_REFUSED,
};

interface Opened {
  readonly proof: ExportProof;
  readonly manifest: ExportManifest;
  readonly keyId: string;
  readonly head: HeadVerdict;
}

type Refusal =
  | Extract<ExportVerdict['manifest'], { rejected: unknown }>
  | { readonly rejected: ExportProofFlaw };

function openProof(bytes: Uint8Array, trust: Trust): Opened | Refusal {
  const parsed = parseExportProof(bytes);
  if ('rejected' in parsed) return parsed;
  const { proof } = parsed;
  const verdict = verifyManifest(proof.manifest, trust.logKeys);
  if ('rejected' in verdict) return verdict;
  const { manifest, signedBy } = verdict;
  const logKeys = trust.logKeys.filter(({ name }) => name === manifest.origin);
  return {
    proof,
    manifest,
    keyId: signedBy.keyId,
    head: verifyHead(proof.checkpoint, { ...trust, logKeys }),
  };
}

interface Read {
  readonly sha256Hex: string;
  readonly sizeBytes: number;
  readonly entries: EntriesRead;
}

function judge(opened: Opened, { sha256Hex, sizeBytes, entries }: Read, trust: Trust): ExportVerdict {
  const { manifest, head } = opened;
  const isSame = sha256Hex === manifest.sha256Hex && sizeBytes === manifest.sizeBytes;
  const checkpoint = checkpointPart(opened);
  const stands = 'proved' in checkpoint && !('rejected' in head) ? head : null;
  return withOutcome({
    manifest: { proved: provedManifest(opened) },
    file: isSame ? { proved: { sizeBytes, sha256Hex } } : { rejected: 'other_bytes' },
    lines: entries.lines,
    checkpoint,
    tree: stands === null ? STANDS_ON_REFUSED : treePart(opened, entries),
    witnesses: stands === null ? STANDS_ON_REFUSED : provedWitnesses(stands.cosigned, trust.witnessKeys),
  });
}

function provedManifest({ manifest: { root, ...told }, keyId }: Opened): ProvedManifest {
  return { ...told, keyId, rootBase64: formatBase64(root) };
}

function checkpointPart({ manifest, head }: Opened): ExportVerdict['checkpoint'] {
  if ('rejected' in head) return head;
  const { origin, size, root } = head.checkpoint;
  const isItsOwn = origin === manifest.origin && size === manifest.size && sameBytes(root, manifest.root);
  return isItsOwn ? { proved: { origin, keyId: head.signedBy.keyId } } : { rejected: 'other_checkpoint' };
}

function treePart({ manifest, proof }: Opened, { lines, range }: EntriesRead): ExportVerdict['tree'] {
  const isWhole = manifest.filter === '{}';
  if (!isWhole && proof.range !== null) return { rejected: 'range_with_filter' };
  if (!isWhole) return { unproved: 'chosen_by_filter' };
  if (range === null) return { rejected: 'no_range' };
  if (!('proved' in lines)) return STANDS_ON_REFUSED;
  const { first, last, size } = manifest;
  return range === 'ok' ? { proved: { first, last, size } } : { rejected: range };
}

function withOutcome(parts: Omit<ExportVerdict, 'isProved'>): ExportVerdict {
  const all: readonly ExportPart<unknown>[] = Object.values(parts);
  const needed = [parts.manifest, parts.file, parts.lines, parts.checkpoint];
  const isWhole = needed.every((part) => 'proved' in part) && !all.some((part) => 'rejected' in part);
  const isOpen = 'unproved' in parts.tree && parts.tree.unproved !== 'chosen_by_filter';
  return { isProved: isWhole && !isOpen, ...parts };
}
