import { setTimeout as sleep } from 'node:timers/promises';
import { environment } from '../world/environment.ts';
import { countUnderWay } from './facts/database.ts';
import { type Facts, type Knowledge, readFacts } from './facts/facts.ts';
import { approvals } from './invariants/approvals.ts';
import { audited } from './invariants/audited.ts';
import { closed } from './invariants/closed.ts';
import { copied } from './invariants/copied.ts';
import { delivery } from './invariants/delivery.ts';
import { depth } from './invariants/depth.ts';
import { ended } from './invariants/ended.ts';
import { nonces } from './invariants/nonces.ts';
import { oneEffect } from './invariants/one-effect.ts';
import { secrets } from './invariants/secrets.ts';
import { transitions } from './invariants/transitions.ts';
import { walls } from './invariants/walls.ts';
import { writes } from './invariants/writes.ts';
import type { Violation } from './violation.ts';

const CHECKS: readonly ((facts: Facts) => readonly Violation[])[] = [
  oneEffect,
  nonces,
  writes,
  transitions,
  approvals,
  audited,
  copied,
  walls,
  delivery,
  depth,
  secrets,
  closed,
  ended,
];

/** What was read, and every promise that it shows broken. */
export interface Verdict {
  readonly facts: Facts;
  readonly violations: readonly Violation[];
}

async function look(knowledge: Knowledge): Promise<Verdict> {
  const facts = await readFacts(knowledge);
  return { facts, violations: CHECKS.flatMap((check) => check(facts)) };
}

const AGAIN_AFTER_MS = 2_000;

/**
 * Waits until nothing is on its way, then looks until nothing is broken, or for so long: some promises are kept a little
 * later. What is broken for good is the same after the last look as after the first.
 */
export async function consult(knowledge: Knowledge = {}, patienceMs = 60_000): Promise<Verdict> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const isCalm = (await countUnderWay(environment.databaseUrl, knowledge)) === 0;
    const isLast = performance.now() > deadline;
    const verdict = isCalm || isLast ? await look(knowledge) : null;
    if (verdict !== null && (isLast || verdict.violations.length === 0)) return verdict;
    await sleep(isCalm ? AGAIN_AFTER_MS : ASK_AFTER_MS);
  }
}

const ASK_AFTER_MS = 250;
