import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Home } from '../home.ts';
import { crashCounts, type FaultReport, type Proof, readFaultReports, readProofs } from './fault-reports.ts';

const BEGIN = '<!-- figures: written by ./ironforge test faults -->';

/** Writes the figures of the last full run into docs/faults.md, below the text that people write. */
export async function writeFaultsPage(home: Home, ranOn: string): Promise<void> {
  const reports = readFaultReports(home);
  const path = join(home.root, 'docs/faults.md');
  const [text = ''] = readFileSync(path, 'utf8').split(BEGIN);
  if (reports.length > 0)
    writeFileSync(path, `${text}${BEGIN}\n\n${figures(reports, readProofs(home), ranOn)}\n`);
}

function figures(reports: readonly FaultReport[], proofs: readonly Proof[], ranOn: string): string {
  const total = (of: (report: FaultReport) => number) => reports.reduce((sum, report) => sum + of(report), 0);
  return [
    '| row | injected | payments | lost | duplicated | illegal | excused | recovery p50 | p99 | max | seed |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...reports.map(row),
    `| **all** | **${total(({ injected }) => injected)}** | **${total(({ payments }) => payments)}** | **${total(({ lost }) => lost)}** | **${total(({ duplicated }) => duplicated)}** | **${total(({ illegal }) => illegal)}** | **${total(({ excused }) => excused)}** | | | | |`,
    '',
    'Of each kind:',
    '',
    '| fault | injected |',
    '| --- | ---: |',
    ...reports.flatMap(({ kinds }) => Object.entries(kinds).map(([what, count]) => `| ${what} | ${count} |`)),
    '',
    `Crash points: ${crashCounts(reports).size} tried, none left out. Known bugs: ${proofs.length} put in, each caught by name:`,
    '',
    '| known bug | caught by | in these words |',
    '| --- | --- | --- |',
    ...proofs.map(({ bug, caughtBy, what }) => `| ${bug} | ${caughtBy} | ${cell(what)} |`),
    '',
    `${ranOn}. ${new Date().toISOString().slice(0, 10)}.`,
  ].join('\n');
}

function row({ recoveryMs: { p50, p99, max }, ...report }: FaultReport): string {
  const { row: name, injected, payments, lost, duplicated, illegal, excused, seed } = report;
  const seconds = [p50, p99, max].map((ms) => `${(ms / 1_000).toFixed(1)} s`);
  return `| ${[name, injected, payments, lost, duplicated, illegal, excused, ...seconds, seed].join(' | ')} |`;
}

/** In a table a bar would end the cell, and the ids of one run say nothing later. */
function cell(text: string): string {
  return text.replaceAll('|', '/').replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '…');
}
