import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Home } from '../home.ts';

const Report = z.object({
  row: z.string(),
  injected: z.int(),
  kinds: z.record(z.string(), z.int()),
  payments: z.int(),
  lost: z.int(),
  duplicated: z.int(),
  illegal: z.int(),
  excused: z.int(),
  recoveryMs: z.object({ p50: z.number(), p99: z.number(), max: z.number() }),
  seed: z.int(),
  violations: z.array(z.string()),
});

/** What one row of faults came to, as e2e/faults wrote it down; times in milliseconds. */
export type FaultReport = z.infer<typeof Report>;

/** Where the rows of a run write their reports. */
export function reportsFile(home: Home): string {
  return join(home.dir, 'faults.jsonl');
}

/** The reports of the last run, in the order of its rows. */
export function readFaultReports(home: Home): readonly FaultReport[] {
  return linesOf(reportsFile(home)).map((line) => Report.parse(JSON.parse(line)));
}

/** A row in one line. */
export function faultLine({
  row,
  injected,
  lost,
  duplicated,
  illegal,
  excused,
  recoveryMs,
  seed,
}: FaultReport): string {
  const { p50, p99, max } = recoveryMs;
  const broken = `lost ${lost}, duplicated ${duplicated}, illegal ${illegal}, excused ${excused}`;
  return `${row}: injected ${injected}, ${broken}, recovery p50 ${p50} ms, p99 ${p99} ms, max ${max} ms, seed ${seed}`;
}

const Proof = z.object({ bug: z.string(), caughtBy: z.string(), what: z.string() });

/** A known bug that was put in, and what named it. */
export type Proof = z.infer<typeof Proof>;

/** Where a run writes down which known bugs were caught. */
export function proofsFile(home: Home): string {
  return join(home.dir, 'known-bugs.jsonl');
}

/** The known bugs that the last run put in and caught. */
export function readProofs(home: Home): readonly Proof[] {
  return linesOf(proofsFile(home)).map((line) => Proof.parse(JSON.parse(line)));
}

/** A known bug in one line. */
export function proofLine({ bug, caughtBy, what }: Proof): string {
  return `known bug ${bug}: caught by ${caughtBy}: ${what}`;
}

/** At which crash points processes died, and how often. */
export function crashLine(reports: readonly FaultReport[]): string {
  const counts = crashCounts(reports);
  const times = [...counts].map(([point, count]) => `${point} ${count}`).join(', ');
  return `crash points: ${counts.size} tried${times === '' ? '' : ` (${times})`}`;
}

/** How often a process died at each crash point that was tried. */
export function crashCounts(reports: readonly FaultReport[]): ReadonlyMap<string, number> {
  const kinds = reports.flatMap(({ kinds: of }) => Object.entries(of));
  const crashes = kinds.filter(([what]) => what.startsWith(CRASH));
  return new Map(crashes.map(([what, count]) => [what.slice(CRASH.length), count]));
}

const CRASH = 'crash at ';

function linesOf(file: string): readonly string[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}
