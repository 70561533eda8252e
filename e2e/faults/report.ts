import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Facts } from '../oracle/facts/facts.ts';
import { type Invariant, told, type Violation } from '../oracle/violation.ts';
import { present } from '../world/present.ts';

/** Harm that was done and mended; `count` faults of one kind. */
export interface Injected {
  readonly what: string;
  readonly count: number;
  readonly from: Date;
  readonly to: Date;
  /** When what was harmed could work again: for a killed process later than the end of the harm. */
  readonly healed: Date;
}

/** One line of the table of faults; times in milliseconds. */
export interface Report {
  readonly row: string;
  readonly injected: number;
  /** Of each kind. */
  readonly kinds: Readonly<Record<string, number>>;
  readonly payments: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly illegal: number;
  /** Payments that ended late, and only because they waited for somebody else first. */
  readonly excused: number;
  /** From the end of the harm to the end of each payment that it met, or to where what the row is about was itself again. */
  readonly recoveryMs: { readonly p50: number; readonly p99: number; readonly max: number };
  readonly seed: number;
  readonly violations: readonly string[];
}

/** What a row came to. */
export interface Played {
  readonly row: string;
  readonly injected: readonly Injected[];
  /** Those of them from whose end recovery is measured. */
  readonly timed: readonly Injected[];
  /** How long after each harm something else than payments was itself again, in milliseconds. */
  readonly recovered: readonly number[];
  readonly violations: readonly Violation[];
  readonly excused: number;
  readonly ids: readonly string[];
  readonly facts: Facts;
  readonly seed: number;
}

const LOST: readonly Invariant[] = ['I3', 'I4', 'I7', 'I12'];
const DUPLICATED: readonly Invariant[] = ['I1', 'I2'];

/** Sums a row up. */
export function reportOf(played: Played): Report {
  const { row, injected, violations, excused, ids, seed } = played;
  const count = (wanted: readonly Invariant[]) =>
    violations.filter(({ invariant }) => wanted.includes(invariant)).length;
  const [lost, duplicated] = [count(LOST), count(DUPLICATED)];
  const kinds = Map.groupBy(injected, ({ what }) => what);
  return {
    row,
    injected: sum(injected),
    kinds: Object.fromEntries([...kinds].map(([what, all]) => [what, sum(all)])),
    payments: ids.length,
    lost,
    duplicated,
    illegal: violations.length - lost - duplicated,
    excused,
    recoveryMs: quantiles(recoveryTimes(played)),
    seed,
    violations: violations.map(told),
  };
}

function recoveryTimes({ timed, recovered, ids, facts }: Played): readonly number[] {
  if (recovered.length > 0) return recovered;
  return recoveries(timed, facts, new Set(ids)).map(({ recoveryMs }) => recoveryMs);
}

/** Writes a report where `./ironforge test` looks for it. */
export function file(report: Report): void {
  const home = present(process.env['IRONFORGE_HOME'], 'IRONFORGE_HOME');
  appendFileSync(join(home, 'faults.jsonl'), `${JSON.stringify(report)}\n`);
}

const ENDS = ['confirmed', 'failed', 'cancelled'];

/** One version of a request, as its history has it. */
export type Step = Pick<Facts['transitions'][number], 'tx_request_id' | 'version' | 'type' | 'created_at'>;

/** A payment that was under way during some harm. */
export interface Recovery {
  readonly id: string;
  /** From the end of the last harm that it met to its own end. */
  readonly recoveryMs: number;
  /** When all was healed and the payment signed. */
  readonly freeAt: Date;
  readonly isSigned: boolean;
  readonly endedAt: Date;
}

/** For each payment that was under way during some harm: how long after the last of it the payment ended. */
export function recoveries(
  injected: readonly Injected[],
  { transitions }: { readonly transitions: readonly Step[] },
  ids: ReadonlySet<string>,
): Recovery[] {
  const own = transitions.filter(({ tx_request_id }) => ids.has(tx_request_id));
  return [...Map.groupBy(own, ({ tx_request_id }) => tx_request_id)].flatMap(([id, events]) => {
    const from = events[0]?.created_at ?? new Date();
    const to = events.findLast(({ type }) => ENDS.includes(type))?.created_at ?? new Date();
    const signed = events.findLast(({ type }) => type === 'signed')?.created_at;
    const met = injected.filter((harm) => harm.from < to && harm.to > from);
    const last = met.at(-1);
    if (last === undefined) return [];
    const free = Math.max((signed ?? from).getTime(), ...met.map(({ healed }) => healed.getTime()));
    const recoveryMs = Math.max(0, to.getTime() - last.to.getTime());
    return [{ id, recoveryMs, freeAt: new Date(free), isSigned: signed !== undefined, endedAt: to }];
  });
}

function quantiles(values: readonly number[]): Report['recoveryMs'] {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}

function sum(injected: readonly Injected[]): number {
  return injected.reduce((total, { count }) => total + count, 0);
}
