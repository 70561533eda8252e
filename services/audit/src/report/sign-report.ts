import { createHash } from 'node:crypto';
import { formatNote, formatReportStatement, type ReportStatement, signNote } from '@ironforge/audit-log';
import { present, type TenantId } from '@ironforge/kernel';
import canonicalize from 'canonicalize';
import type { LogSigners } from '../seal/log-signers.ts';
import type { Moves } from './ask-watcher.ts';
import type { Comparison } from './compare-with-log.ts';

/** What is signed of a comparison. */
export interface MadeReport
  extends Pick<ReportStatement, 'reportId' | 'chainId' | 'createdAt' | 'createdBy'> {
  readonly tenantId: TenantId;
  readonly moves: Moves;
  readonly comparison: Comparison;
}

/** The findings as one text (RFC 8785), and the note that the log's key signs over their hash. */
export function signReport(
  signers: Pick<LogSigners, 'signerOf'>,
  { tenantId, moves, comparison, ...told }: MadeReport,
): { readonly report: string; readonly findings: string } {
  const { signer } = signers.signerOf(tenantId);
  const findings = present(canonicalize(comparison.findings), 'canonical form of findings');
  const text = formatReportStatement({
    ...told,
    origin: signer.name,
    ...{ from: moves.from, to: moves.to, lastBlockHash: moves.lastHash },
    transfers: moves.sent.length + moves.received.length,
    entries: comparison.entries,
    findings: comparison.findings.length,
    sha256Hex: createHash('sha256').update(findings).digest('hex'),
    size: comparison.head.size,
    root: comparison.head.root,
  });
  return { report: formatNote({ text, signatures: [signNote(text, signer)] }), findings };
}
