import type { Options } from '../options.ts';
import { hasDatabase } from '../probe/database.ts';
import { median } from '../raw/clock.ts';
import { type Found, type Row, type RowName, ROWS, type Standing, standingOf } from '../rows/row.ts';

/** One row as it came out: the median, and what each run found. */
export interface Figure extends Row {
  readonly name: string;
  /** Null when it was not measured, or when the oracle found fault. */
  readonly value: number | null;
  readonly runs: readonly number[];
  readonly standing: Standing | null;
}

/** All that a bench found out. */
export interface Report {
  readonly oracle: 'clean' | readonly string[];
  readonly ranOn: string;
  /** How the same is measured again. */
  readonly command: string;
  readonly runs: number;
  readonly transfers: number;
  readonly figures: readonly Figure[];
  /** Medians of what the ratios are made of. */
  readonly notes: Readonly<Record<string, number>>;
}

/** Puts the runs together; void as a whole when anything was wrong. */
export function reportOf(
  { transfers, command }: Options,
  found: readonly Found[],
  wrong: readonly string[],
): Report {
  const isVoid = wrong.length > 0;
  return {
    oracle: isVoid ? wrong : 'clean',
    ranOn: process.env['BENCH_RAN_ON'] ?? 'an installation that ran already',
    command,
    runs: found.length,
    transfers,
    figures: Object.entries(ROWS).map(([name, row]) => figureOf({ name, row, found, isVoid })),
    notes: notesOf(found),
  };
}

interface Measured {
  readonly name: string;
  readonly row: Row;
  readonly found: readonly Found[];
  readonly isVoid: boolean;
}

function figureOf({ name, row, found, isVoid }: Measured): Figure {
  const runs = found.flatMap(({ rows }) => valueOf(rows, name) ?? []);
  if (isVoid || runs.length === 0) return { name, ...row, value: null, runs, standing: null };
  const value = median(runs);
  return { name, ...row, value, runs, standing: standingOf(row, value) };
}

function valueOf(rows: Partial<Record<RowName, number>>, name: string): number | undefined {
  return Object.entries(rows).find(([key]) => key === name)?.[1];
}

function notesOf(found: readonly Found[]): Record<string, number> {
  const names = new Set(found.flatMap(({ notes }) => Object.keys(notes)));
  return Object.fromEntries(
    [...names].map((name) => [name, median(found.flatMap(({ notes }) => notes[name] ?? []))]),
  );
}

/** Prints the table or the object. */
export function printReport(options: Options, report: Report): void {
  const text = options.printsJson ? JSON.stringify(report) : tableOf(report);
  process.stdout.write(`${text}\n`);
}

function tableOf({ figures, notes, oracle, ranOn }: Report): string {
  const measured = figures.filter(({ runs }) => runs.length > 0);
  const rows = measured.map(({ title, value, unit, floor, goal, standing }) =>
    [
      title.padEnd(72),
      told(value).padStart(8),
      unit.padEnd(13),
      `floor ${floor}, goal ${goal}`.padEnd(24),
      standing ?? 'not measured',
    ].join(' '),
  );
  const others = Object.entries(notes).map(([name, value]) => `  ${name} ${told(value)}`);
  const clean = hasDatabase ? 'The oracle found no fault.' : OUTSIDE_ONLY;
  const verdict = oracle === 'clean' ? clean : `VOID, the oracle found: ${oracle.join('; ')}`;
  return [...rows, '', ...others, '', ranOn, verdict].join('\n');
}

const OUTSIDE_ONLY =
  'Every recipient has what he was sent, once; the oracle could not look inside that installation.';

/** A number as people read it: three digits that count. */
export function told(value: number | null): string {
  if (value === null) return '–';
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);
}
