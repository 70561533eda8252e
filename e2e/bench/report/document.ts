import { readFileSync, writeFileSync } from 'node:fs';
import { resolve as resolvePath } from 'node:path';
import { plotOf } from './plot.ts';
import { type Figure, type Report, told } from './report.ts';

const FOLDER = resolvePath(import.meta.dirname, '../../../docs');
const PAGE = resolvePath(FOLDER, 'performance.md');
const PLOT = resolvePath(FOLDER, 'performance.svg');
const BEGIN = '<!-- figures: written by ./ironforge bench --document -->';
const END = '<!-- end of figures -->';
const ENOUGH_RUNS = 5;

/** Puts the figures of a report between the two marks of docs/performance.md, and draws them; the words around stay. */
export function writeDocument(report: Report): void {
  const page = readFileSync(PAGE, 'utf8');
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`${PAGE} has no place for figures`);
  writeFileSync(PAGE, `${before}${BEGIN}\n\n${figuresOf(report)}\n\n${END}${after}`);
  writeFileSync(PLOT, plotOf(report.figures));
}

function figuresOf({ figures, notes, oracle, ranOn, runs, transfers, command }: Report): string {
  const verdict = oracle === 'clean' ? 'the oracle found no fault' : 'VOID: the oracle found fault';
  const few = runs < ENOUGH_RUNS ? ` **Preliminary: ${runs} of ${ENOUGH_RUNS} runs.**` : '';
  return [
    `\`${command}\`: median of ${runs} runs, ${transfers} transfers of each asset in a run; ${verdict}.${few}`,
    `${ranOn}.`,
    '',
    '![each row as a multiple of its floor](performance.svg)',
    '',
    '| row | value | floor | goal | reached | runs |',
    '| --- | --- | --- | --- | --- | --- |',
    ...figures.map(lineOf),
    '',
    'What the ratios are made of (medians):',
    '',
    '| | |',
    '| --- | --- |',
    ...Object.entries(notes).map(([name, value]) => `| ${name} | ${told(value)} |`),
  ].join('\n');
}

function lineOf({ title, unit, value, floor, goal, standing, runs }: Figure): string {
  const suffix = unit === 'ratio' ? '' : ` ${unit}`;
  const reached = standing === null ? 'not measured' : REACHED[standing];
  return `| ${title} | ${told(value)}${value === null ? '' : suffix} | ${floor} | ${goal} | ${reached} | ${runs.map(told).join(', ')} |`;
}

const REACHED = { goal: 'goal', floor: 'floor', below: '**below the floor**' } as const;
