import type { ReadFlaw } from '../bundle/read-bundle.ts';
import type { ProvedCheckpoint, ProvedWitnesses } from '../bundle/verdict.ts';
import type { StatementFlaw } from '../note/statement.ts';
import type { SignedCheckpointFlaw } from '../note/verify-checkpoint.ts';
import type { ReportStatement } from './report-statement.ts';

/** What was found of one part: proved, refused, or neither and why. */
export type ReportPart<Proof> =
  | { readonly proved: Proof }
  | { readonly rejected: ReportFlaw }
  | { readonly unproved: 'stands_on_refused' | 'no_witness_key' };

/** What was proved of one report. */
export interface ReportVerdict {
  readonly isProved: boolean;
  /** The log of this origin signed it; `keyId` is eight hexadecimal digits. */
  readonly report: ReportPart<Omit<ReportStatement, 'root'> & { readonly keyId: string }>;
  /** The findings are those that were signed. */
  readonly findings: ReportPart<{ readonly findings: readonly unknown[] }>;
  readonly checkpoint: ReportPart<ProvedCheckpoint>;
  readonly witnesses: ReportPart<ProvedWitnesses>;
}

/** What was proved of reports about blocks that follow each other; plain JSON. */
export interface ReportsVerdict {
  /** Nothing was refused. What was compared, and that it was compared rightly, is the word of the log's key. */
  readonly isProved: boolean;
  readonly whole: ReportPart<Pick<ReportStatement, 'chainId' | 'from' | 'to' | 'findings'>>;
  readonly reports: readonly ReportVerdict[];
}

/** Why something of a report was refused. */
export type ReportFlaw =
  | ReadFlaw
  | StatementFlaw
  | SignedCheckpointFlaw
  | 'no_reports'
  | 'other_findings'
  | 'other_checkpoint'
  | 'blocks_missing'
  | 'not_cosigned';
