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
  const file = reportsFile(home);
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  return lines.map((line) => Report.parse(JSON.parse(line)));
}

/** A row in one line. */
export function faultLine({
  row,
  injected,
  lost,
  duplicated,
  illegal,
  recoveryMs,
  seed,
}: FaultReport): string {
  const { p50, p99, max } = recoveryMs;
  const broken = `lost ${lost}, duplicated ${duplicated}, illegal ${illegal}`;
  return `${row}: injected ${injected}, ${broken}, recovery p50 ${p50} ms, p99 ${p99} ms, max ${max} ms, seed ${seed}`;
}
