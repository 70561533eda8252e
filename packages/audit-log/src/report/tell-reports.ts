import { fieldsOf } from '../bundle/fields.ts';
import { FLAW_TEXTS } from '../bundle/reasons.ts';
import { checkpointText, type ToldBundle, type ToldPart, witnessesText } from '../bundle/tell-bundle.ts';
import { EXPORT_UNPROVED_TEXTS } from '../export/reasons.ts';
import type { ReportFlaw, ReportPart, ReportsVerdict, ReportVerdict } from './verdict.ts';

/** Says of reports what was proved and by whom, what was refused and why, and each finding. */
export function tellReports({ isProved, whole, reports }: ReportsVerdict): ToldBundle {
  const range = told(
    'blocks',
    whole,
    ({ chainId, from, to }) => `${chainId}, ${from} to ${to}, none left out`,
  );
  const parts = [range, ...reports.flatMap(partsOf)];
  if (!isProved || !('proved' in whole))
    return { parts, sentence: 'Refused: this report does not prove what it is to prove.' };
  const { findings } = whole.proved;
  const found = findings === 0 ? 'nothing differed' : `${findings} findings${prunedAmong(reports)}`;
  return {
    parts,
    sentence: `Proved: the log signed this report, ${found}. That chain and entries were compared as they are is the word of its key.`,
  };
}

/** What was pruned is told as a finding, and is none that anybody has to look into. */
function prunedAmong(reports: readonly ReportVerdict[]): string {
  const pruned = reports.flatMap(({ findings }) => ('proved' in findings ? findings.proved.findings : []));
  const count = pruned.filter((one) => fieldsOf(one)?.get('kind') === 'entry_pruned').length;
  return count === 0 ? '' : `, ${count} of them entries that were pruned`;
}

function partsOf({ report, findings, checkpoint, witnesses }: ReportVerdict): ToldPart[] {
  const found = 'proved' in findings ? findings.proved.findings : [];
  return [
    told(
      'report',
      report,
      ({ reportId, from, to, transfers, entries, createdAt, createdBy }) =>
        `${reportId} of ${createdAt} for ${createdBy}: blocks ${from} to ${to}, ${transfers} transfers, ${entries} entries`,
    ),
    told('findings', findings, ({ findings: list }) => `${list.length}, as they were signed`),
    ...found.map((one) => ({ name: 'finding', state: 'proved' as const, text: JSON.stringify(one) })),
    told('checkpoint', checkpoint, checkpointText),
    told('witnesses', witnesses, witnessesText),
  ];
}

function told<Proof>(name: string, part: ReportPart<Proof>, textOf: (proof: Proof) => string): ToldPart {
  if ('proved' in part) return { name, state: 'proved', text: textOf(part.proved) };
  if ('unproved' in part) return { name, state: 'not proved', text: EXPORT_UNPROVED_TEXTS[part.unproved] };
  return { name, state: 'refused', text: REPORT_FLAW_TEXTS[part.rejected] };
}

const REPORT_FLAW_TEXTS: Readonly<Record<ReportFlaw, string>> = {
  ...FLAW_TEXTS,
  no_reports: 'this is no list of reports: { reports: [{ report, findings, checkpoint }] }',
  other_statement: 'it is a signed note of another form than ironforge/chain-report@v1',
  malformed_statement: 'it lacks a line, has one too many, or says what cannot be',
  other_findings: 'the findings are not those that were signed',
  other_checkpoint: 'the checkpoint is not the one that the report names',
  blocks_missing: 'the reports are of several chains or logs, or blocks between them are missing',
  malformed_text: 'report or checkpoint is no signed note',
};
