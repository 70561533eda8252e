import type { AuditCopyStatus } from '../stack/audit-copy-status.ts';
import type { ChainStatus } from '../stack/chain-status.ts';
import type { Status } from '../stack/status.ts';

/** The installation as a person reads it: a line for each part, one for the copy of the audit log, one for each chain. */
export function statusLines(status: Status): readonly string[] {
  const { running, phase, problem, parts, chains, absent, auditCopy } = status;
  if (!running)
    return [problem === null ? 'IronForge is not running.' : `IronForge is not running: ${problem}`];
  const rows = parts.map(({ name, ready, reason, pid, restarts, source, url }) =>
    [
      name.padEnd(18),
      (ready ? 'ready' : 'not ready').padEnd(10),
      String(pid ?? '-').padEnd(8),
      String(restarts).padEnd(9),
      ready ? (source ?? url ?? '') : (reason ?? ''),
    ].join(''),
  );
  return [
    `IronForge is ${phase}.`,
    `${'part'.padEnd(18)}${'state'.padEnd(10)}${'pid'.padEnd(8)}${'restarts'.padEnd(9)}from`,
    ...rows,
    ...absent.map((name) => `${name.padEnd(18)}none`),
    ...(auditCopy === null ? [] : [`${'audit copy'.padEnd(18)}${copyText(auditCopy)}`]),
    `${'chain'.padEnd(18)}${'state'.padEnd(10)}${'height'.padEnd(12)}final`,
    ...(chains ?? []).map(chainLine),
    ...(chains === null ? ['the gateway tells of no chain now'] : []),
  ];
}

function copyText({ copy, entriesBehind, refusedFor, logsRefused }: AuditCopyStatus): string {
  if (refusedFor !== null) return `${copy}, refused (${refusedFor}): see docs/operators/audit-copy.md`;
  const behind = entriesBehind === null ? copy : `${copy}, ${entriesBehind} entries behind`;
  return logsRefused ? `${behind}, logs refused: ${logsRefused}, see docs/operators/audit-copy.md` : behind;
}

function chainLine({ chainId, status, stopReason, head, finalizedHeight }: ChainStatus): string {
  const height = String(head?.height ?? '-').padEnd(12);
  const line = `${chainId.padEnd(18)}${status.padEnd(10)}${height}${finalizedHeight ?? '-'}`;
  return stopReason === null ? line : `${line}  ${whyStopped(stopReason)}`;
}

/** Why a chain is stopped, and where to read what to do. */
export function whyStopped(reason: NonNullable<ChainStatus['stopReason']>): string {
  return WHY[reason];
}

const WHY = {
  forked_below_finality: 'forked below finality: see docs/operators/reorgs.md',
  wrong_chain: 'all its nodes are of another chain: see docs/operators/chains.md',
};
