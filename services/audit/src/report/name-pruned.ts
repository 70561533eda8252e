import type { ReportFinding } from '@ironforge/contracts';
import type { Tx } from '@ironforge/store';
import { certifiedNumbers } from '../keep/certified-numbers.ts';
import { transfersHash } from '../keep/transfers-hash.ts';
import { type PrunedTransfer, prunedTellingOf, transfersPrunedBy } from '../queries/audit-pruned-entries.ts';
import type { SignedLog } from '../seal/signed-head.ts';

/**
 * The same findings, but that a transfer is not said to be without entry whose entry was pruned: a sealed certificate covers its
 * number, and has the hash of the transfers that its entries told of. Throws `dependency_down` where one is yet to be sealed.
 */
export async function namePruned(
  tx: Tx,
  log: SignedLog,
  findings: readonly ReportFinding[],
): Promise<ReportFinding[]> {
  const missing = findings.flatMap(({ kind, transfer }) =>
    kind === 'transfer_without_entry' && transfer !== null ? [transfer] : [],
  );
  if (missing.length === 0) return [...findings];
  const rows = await provenRows(tx, log, await prunedTellingOf(tx, log.tenantId, missing));
  const byTransfer = new Map(rows.map((row) => [row.transfer, row]));
  return findings.map((finding) => {
    const row =
      finding.kind === 'transfer_without_entry' ? byTransfer.get(finding.transfer ?? '') : undefined;
    return row === undefined ? finding : pruned(finding, row);
  });
}

async function provenRows(
  tx: Tx,
  log: SignedLog,
  rows: readonly PrunedTransfer[],
): Promise<readonly PrunedTransfer[]> {
  if (rows.length === 0) return [];
  const claimed = new Map(rows.map(({ sequence, certificate_id: id }) => [Number(sequence), id]));
  const certified = await certifiedNumbers(tx, log, claimed);
  const all = await transfersPrunedBy(tx, log.tenantId, [...new Set(claimed.values())]);
  const hashes = new Map(
    [...Map.groupBy(all, ({ certificate_id: id }) => id)].map(([id, group]) => [id, transfersHash(group)]),
  );
  return rows.filter(({ sequence, certificate_id: id }) => {
    const said = certified.get(Number(sequence))?.transfersSha256;
    return said !== undefined && said === hashes.get(id);
  });
}

function pruned(finding: ReportFinding, { id, sequence, certificate_id }: PrunedTransfer): ReportFinding {
  const inLog = `/v1/audit/deletion-certificates/${certificate_id}`;
  return { ...finding, kind: 'entry_pruned', entry: { id, sequence: Number(sequence) }, inLog };
}
