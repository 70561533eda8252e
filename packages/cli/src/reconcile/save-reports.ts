import { writeFileSync } from 'node:fs';
import { REPORTED_BLOCKS, type ReplyOf, ROUTES } from '@ironforge/contracts';
import type { Calls } from '../api/patient-api.ts';

/** Where the reports go, which blocks they are of, and who hears how far it is. */
export interface ReportsWanted {
  readonly file: string;
  readonly chainId: string;
  readonly from: number;
  readonly to: number;
  readonly say: (line: string) => void;
}

type Finding = ReplyOf<(typeof ROUTES)['getAuditReport']>['findings'][number];

/** Has the audit log compare the same blocks with its entries, and keeps what it signed in a file; gives the findings. */
export async function saveReports(
  api: Calls,
  { file, chainId, from, to, say }: ReportsWanted,
): Promise<Finding[]> {
  const kept: object[] = [];
  const found: Finding[] = [];
  for (let next = from; next <= to; next += REPORTED_BLOCKS) {
    const body = { chainId, from: next, to: Math.min(next + REPORTED_BLOCKS - 1, to) };
    const { report, findings, checkpoint } = await api.call(
      ROUTES.createAuditReport,
      { body },
      { timeoutMs: TIMEOUT_MS },
    );
    kept.push({ report, findings, checkpoint });
    found.push(...findings);
    say(`the log has compared its entries up to block ${body.to} of ${to}`);
  }
  writeFileSync(file, `${JSON.stringify({ reports: kept })}\n`);
  return found;
}

/** Blocks are read anew from nodes that may be slow. */
const TIMEOUT_MS = 120_000;
