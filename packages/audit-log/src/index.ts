export type { RotationFlaw, RotationVerdict } from './bundle/follow-rotation.ts';
export { followRotation } from './bundle/follow-rotation.ts';
export type { KeysParse } from './bundle/key-lines.ts';
export { parseLogKeys, parseWitnessKeys } from './bundle/key-lines.ts';
export type { ToldBundle, ToldPart } from './bundle/tell-bundle.ts';
export { tellBundle } from './bundle/tell-bundle.ts';
export type { Trust } from './bundle/trust.ts';
export type {
  BundleFlaw,
  BundleVerdict,
  Part,
  ProvedBytes,
  ProvedCheckpoint,
  ProvedCopy,
  ProvedGrowth,
  ProvedTree,
  ProvedWitnesses,
  Unproved,
} from './bundle/verdict.ts';
export { verifyBundle, verifyBundleBytes } from './bundle/verify-bundle.ts';
export type { ExportVerifier } from './export/create-export-verifier.ts';
export { createExportVerifier } from './export/create-export-verifier.ts';
export type { ExportFormat } from './export/export-text.ts';
export { EXPORT_FORMATS, exportHead, exportLine } from './export/export-text.ts';
export type { ExportManifest } from './export/manifest.ts';
export { formatManifest } from './export/manifest.ts';
export { tellExport } from './export/tell-export.ts';
export type { ExportFlaw, ExportPart, ExportVerdict } from './export/verdict.ts';
export { isCopyOf } from './immudb/copied-value.ts';
export { checkpointKey, entryKey } from './immudb/ledger-keys.ts';
export type { EntryMetadata, LedgerEntry } from './immudb/entry-digest.ts';
export { entryDigest } from './immudb/entry-digest.ts';
export type { ServerKey, ServerKeysParse } from './immudb/server-key.ts';
export { isStateSigned, parseServerKeys } from './immudb/server-key.ts';
export type { SignedState } from './immudb/signed-state.ts';
export { signedBytes } from './immudb/signed-state.ts';
export type { TxHeader, TxMetadata, TxPoint } from './immudb/tx-header.ts';
export { innerHash, linkedHash, txHash } from './immudb/tx-header.ts';
export type { Checkpoint, CheckpointFlaw, CheckpointParse } from './note/checkpoint.ts';
export { formatCheckpoint, parseCheckpoint } from './note/checkpoint.ts';
export { cosign } from './note/cosignature.ts';
export type { KeyFlaw, KeyParse } from './note/key-text.ts';
export {
  formatKey,
  formatSigner,
  parseLogKey,
  parseLogSigner,
  parseWitnessKey,
  parseWitnessSigner,
} from './note/key-text.ts';
export type { LogKey, LogSigner, Role, Signer, VerifierKey, WitnessKey, WitnessSigner } from './note/keys.ts';
export { keyOf, logKey, logSigner, witnessKey, witnessSigner } from './note/keys.ts';
export type { NoteParse, SignedNote } from './note/note.ts';
export { formatNote, parseNote } from './note/note.ts';
export { signNote } from './note/sign-note.ts';
export type { NoteSignature, SignaturesFlaw, SignaturesParse } from './note/signature-line.ts';
export { formatSignature, MAX_SIGNATURES, parseSignatures } from './note/signature-line.ts';
export type {
  CheckpointClaim,
  CheckpointVerdict,
  Cosigned,
  SignedCheckpointFlaw,
} from './note/verify-checkpoint.ts';
export { verifyCheckpoint } from './note/verify-checkpoint.ts';
export type { NoteFlaw, NoteVerdict, SignedBy } from './note/verify-note.ts';
export { verifyNote } from './note/verify-note.ts';
export type { AddCheckpoint, AddCheckpointFlaw, AddCheckpointParse } from './proof/add-checkpoint.ts';
export { formatAddCheckpoint, parseAddCheckpoint, parseWitnessSize } from './proof/add-checkpoint.ts';
export type { RangeClaim, RangeFlaw, RangeFold } from './proof/fold-range.ts';
export { foldRange } from './proof/fold-range.ts';
export type { TlogProof, TlogProofFlaw, TlogProofParse } from './proof/tlog-proof.ts';
export { formatTlogProof, MAX_PROOF_HASHES, parseTlogProof } from './proof/tlog-proof.ts';
export type { ConsistencyClaim, ConsistencyFlaw } from './proof/verify-consistency.ts';
export { verifyConsistency } from './proof/verify-consistency.ts';
export type { InclusionClaim, InclusionFlaw } from './proof/verify-inclusion.ts';
export { verifyInclusion } from './proof/verify-inclusion.ts';
export type {
  Proved,
  TlogProofClaim,
  TlogProofRejection,
  TlogProofVerdict,
} from './proof/verify-tlog-proof.ts';
export { verifyTlogProof } from './proof/verify-tlog-proof.ts';
export type { ReportStatement } from './report/report-statement.ts';
export { formatReportStatement } from './report/report-statement.ts';
export { tellReports } from './report/tell-reports.ts';
export type { ReportFlaw, ReportPart, ReportsVerdict, ReportVerdict } from './report/verdict.ts';
export { areReports, verifyReports } from './report/verify-reports.ts';
export { addressTerms, MAX_TERMS, termsIn, termsOf } from './search/terms-of.ts';
export type { NewLeaves } from './tree/append-leaves.ts';
export { appendLeaves } from './tree/append-leaves.ts';
export { emptyRoot, HASH_BYTES, leafHash, nodeHash } from './tree/hashes.ts';
export type { TreeHead } from './tree/proven-tiles.ts';
export { provenTiles, tilesToProve } from './tree/proven-tiles.ts';
export type { RangeProof } from './tree/range-path.ts';
export type { Growth, LeafInTree, LeavesInTree } from './tree/read-tree.ts';
export {
  consistencyProof,
  inclusionProof,
  rangeProof,
  rootOf,
  tilesForConsistency,
  tilesForInclusion,
  tilesForRange,
  tilesForRoot,
} from './tree/read-tree.ts';
export { storedLeaf, tilesOfLeaves } from './tree/stored-leaf.ts';
export type { StoredTile, Tile, TileMap, TilePlace } from './tree/tile.ts';
export { TILE_WIDTH, tileKey, tileMap, tilePath, tileWidth } from './tree/tile.ts';
export type {
  ToCosign,
  WitnessDecision,
  WitnessedHead,
  WitnessKnowledge,
  WitnessRefusal,
} from './witness/decide-as-witness.ts';
export { decideAsWitness, WITNESS_REFUSALS } from './witness/decide-as-witness.ts';
