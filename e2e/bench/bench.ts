import { brokenOnPurpose } from '../oracle/exempt.ts';
import { consult } from '../oracle/oracle.ts';
import { told } from '../oracle/violation.ts';
import { hireCrew } from './load/crew.ts';
import type { Flight } from './load/flight.ts';
import type { Options } from './options.ts';
import { examine } from './oracle.ts';
import { closeDatabase, hasDatabase } from './probe/database.ts';
import { startCounting } from './probe/work.ts';
import { makeRawTables } from './raw/statements.ts';
import { writeDocument } from './report/document.ts';
import { printReport, reportOf } from './report/report.ts';
import { measurementsFor } from './rows/measurements.ts';
import { type Found, merged } from './rows/row.ts';
import type { Stage } from './rows/stage.ts';

/** Measures as often as asked, and prints what came out. Gives the exit code: 1 when the oracle found fault. */
export async function bench(options: Options): Promise<number> {
  try {
    if (hasDatabase) {
      await startCounting();
      await makeRawTables();
    }
    const runs: Found[] = [];
    const wrong: string[] = [];
    for (let run = 1; run <= options.runs; run += 1) {
      const { found, violations } = await oneRun(options, (line) =>
        say(`run ${run} of ${options.runs}: ${line}`),
      );
      runs.push(found);
      wrong.push(...violations);
      // After each run: one that is broken off later has told what it found.
      if (options.writesDocument) writeDocument(reportOf(options, runs, wrong));
    }
    printReport(options, reportOf(options, runs, wrong));
    return wrong.length === 0 ? 0 : 1;
  } finally {
    await closeDatabase();
  }
}

async function oneRun(options: Options, tell: (line: string) => void) {
  const flights: Flight[] = [];
  const stage: Stage = {
    options,
    say: tell,
    hire: hirePatiently,
    keep: (flight) => {
      flights.push(flight);
      return flight;
    },
    most: 0,
  };
  const found: Found[] = [];
  for (const { name, measure } of measurementsFor(options)) {
    tell(name);
    const one = await measure(stage);
    found.push(one);
    for (const [row, value] of Object.entries(one.rows)) tell(`  ${row} ${value.toPrecision(4)}`);
  }
  const violations = [...(await examine(flights)), ...(await brokenPromises())];
  for (const one of violations.slice(0, SHOWN)) tell(`the oracle found: ${one}`);
  return { found: merged(found), violations };
}

const TRIES = 3;

/** Setting up is no part of what is measured: a busy machine may answer 503 to some of it, and the next tenant is as good. */
const hirePatiently: Stage['hire'] = async (...crew) => {
  for (let tried = 1; ; tried += 1) {
    try {
      return await hireCrew(...crew);
    } catch (error) {
      if (tried === TRIES) throw error;
    }
  }
};

const PATIENCE_MS = 60_000;

/** What the oracle of the fault tests says about the whole installation, where it can look inside. */
async function brokenPromises(): Promise<string[]> {
  if (!hasDatabase) return [];
  const { violations } = await consult({ except: brokenOnPurpose() }, PATIENCE_MS);
  return violations.map(told);
}

const SHOWN = 10;

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
