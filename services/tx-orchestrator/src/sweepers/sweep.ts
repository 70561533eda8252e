import { setTimeout as sleep } from 'node:timers/promises';
import type { OrchestratorDeps } from '../deps.ts';
import { holdJobLease } from '../queries/job-leases.ts';
import { askAnew } from './ask-anew.ts';
import { callStuck } from './call-stuck.ts';
import { expireOverdue } from './expire-overdue.ts';
import { createGapFiller } from './fill-gaps.ts';
import { createPassedOver } from './passed-over.ts';
import type { SweepDeps } from './each-place.ts';
import { createBucketForgetter } from './forget-buckets.ts';
import { freeSlots } from './free-slots.ts';
import { createQuorumRegainer } from './regain-quorums.ts';
import { sendAgain } from './send-again.ts';
import { settleChanges } from './settle-changes.ts';
import { takeBackLate } from './take-back-late.ts';

const JOB = 'tx-orchestrator/sweep';
const LEASE_SECONDS = 5;
const INTERVAL_MS = 1_000;

const TASKS = { expireOverdue, takeBackLate, settleChanges, sendAgain, freeSlots, callStuck, askAnew };

type Tasks = Readonly<Record<string, (deps: SweepDeps) => Promise<void>>>;

/** The recurring work of the orchestrator; disposing it waits for what is in hand. Old rows are kept for so many days. */
export function startSweeper(deps: OrchestratorDeps, retentionDays: number): AsyncDisposable {
  const stop = new AbortController();
  const tasks = {
    ...TASKS,
    fillGaps: createGapFiller(),
    regainQuorums: createQuorumRegainer(),
    forgetBuckets: createBucketForgetter(retentionDays),
  };
  const done = sweepUntil(stop.signal, deps, tasks);
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await done;
    },
  };
}

/**
 * One process at a time leads, by a lease row; what the tasks do is right even if two did it. The tasks run beside each other,
 * each one run at a time, so that one that waits for a neighbour holds up none of the others.
 */
async function sweepUntil(stop: AbortSignal, deps: OrchestratorDeps, tasks: Tasks): Promise<void> {
  const holder = deps.newId();
  const runs = Object.entries(tasks).map(([name, task]) => oneRunAtATime(deps, name, task));
  while (!stop.aborted) {
    if (await leads(deps, holder)) for (const run of runs) run.start();
    await sleep(INTERVAL_MS, undefined, { signal: stop }).catch(() => {});
  }
  await Promise.all(runs.map((run) => run.ended()));
}

/** A task that is started when its last run has ended; one that is still at it is let be. */
function oneRunAtATime(deps: OrchestratorDeps, name: string, task: Tasks[string]) {
  const own = { ...deps, passedOver: createPassedOver(() => performance.now()) };
  let running: Promise<void> | null = null;
  return {
    start: () => {
      running ??= runTask(own, name, task).finally(() => {
        running = null;
      });
    },
    ended: async () => await running,
  };
}

async function runTask(deps: SweepDeps, name: string, task: Tasks[string]): Promise<void> {
  try {
    await task(deps);
  } catch (error) {
    deps.log.warn({ task: name, err: error }, 'a sweep failed; tried again');
  }
}

async function leads({ store, log }: OrchestratorDeps, holder: string): Promise<boolean> {
  try {
    return await store
      .system('request_sweeper')
      .transaction((tx) => holdJobLease(tx, { name: JOB, holder, seconds: LEASE_SECONDS }), {
        isolation: 'read committed',
      });
  } catch (error) {
    log.warn({ err: error }, 'the lease of the sweeper could not be read; tried again');
    return false;
  }
}
