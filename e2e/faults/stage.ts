import { mulberry32 } from '@ironforge/testing';
import { consult } from '../oracle/oracle.ts';
import type { Outage } from '../oracle/facts/facts.ts';
import { told } from '../oracle/violation.ts';
import { isBack, partNamed, strike } from './fleet.ts';
import { overdue } from './overdue.ts';
import { type Injected, type Report, reportOf } from './report.ts';
import type { Lines } from './lines.ts';
import { type Payers, startTraffic } from './traffic.ts';

/** What a row of faults plays on. */
export interface Stage extends Payers {
  readonly lines: Lines;
  /** From 0 to below 1, again the same from the row's seed. */
  readonly chance: () => number;
  /** Does harm and mends it, and counts: one fault, or as many as `act` gives. */
  readonly inject: (what: string, act: () => Promise<number | void>) => Promise<void>;
  /** Resolves when payments are under way again, so that the next harm meets some. */
  readonly moved: () => Promise<void>;
  /** Ends a process at once and waits until its supervisor has started it again; the harm is the end alone. */
  readonly kill: (name: string) => Promise<void>;
  /** What a row is about was itself again so long after a harm; without a word of it, the recovery of payments is reported. */
  readonly recovered: (ms: number) => void;
  /** Something that decides was away: nothing may have been signed off meanwhile. */
  readonly away: (outage: Outage) => void;
}

/** A kind of faults; `rounds` is how often each of its steps is done. */
export interface Row {
  readonly name: string;
  readonly play: (stage: Stage, rounds: number) => Promise<void>;
  readonly rounds: { readonly small: number; readonly full: number };
  /** Whose clocks are wrong in this row: what they wrote down measures nothing. */
  readonly clocks?: 'wrong';
}

/** What stays the same from row to row. */
export interface Theatre extends Payers {
  readonly lines: Lines;
  readonly isFull: boolean;
  /** Told by an earlier row. */
  readonly known: Set<string>;
  readonly outages: Outage[];
}

/** Ends what hangs; it measures nothing. */
const PATIENCE_MS = 120_000;

/** Plays a row while payments are under way, waits until all have ended, asks the oracle, and reports. */
export async function perform(row: Row, theatre: Theatre, seed: number): Promise<Report> {
  const injected: Injected[] = [];
  const recovered: number[] = [];
  const traffic = startTraffic(theatre);
  const inject: Stage['inject'] = async (what, act) => {
    const from = new Date();
    const count = (await act()) ?? 1;
    const to = new Date();
    injected.push({ what, count, from, to, healed: to });
  };
  const stage: Stage = {
    ...theatre,
    inject,
    moved: () => traffic.moved(),
    chance: mulberry32(seed),
    recovered: (ms) => void recovered.push(Math.round(ms)),
    away: (outage) => void theatre.outages.push(outage),
    kill: async (name) => {
      const { restarts } = partNamed(name);
      await inject(`kill -9 of ${name}`, async () => strike(name));
      await isBack(name, restarts + 1);
      const harm = injected.findLast(({ what }) => what === `kill -9 of ${name}`);
      if (harm !== undefined) injected[injected.indexOf(harm)] = { ...harm, healed: new Date() };
    },
  };
  const acknowledged = await row
    .play(stage, row.rounds[theatre.isFull ? 'full' : 'small'])
    .finally(() => traffic.stop())
    .then(() => traffic.land());
  const { tenant, outages, known } = theatre;
  const { facts, violations } = await consult({ only: [tenant.id], acknowledged, outages }, PATIENCE_MS);
  const fresh = violations.filter((violation) => !known.has(told(violation)));
  for (const violation of fresh) known.add(told(violation));
  const timed = row.clocks === 'wrong' ? [] : injected;
  const late = overdue(timed, facts, acknowledged);
  return reportOf({
    row: row.name,
    injected,
    timed,
    recovered,
    violations: [...fresh, ...late.violations],
    excused: late.excused,
    ids: acknowledged,
    facts,
    seed,
  });
}
