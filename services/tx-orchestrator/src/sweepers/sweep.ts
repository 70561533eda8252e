import { setTimeout as sleep } from 'node:timers/promises';
import type { OrchestratorDeps } from '../deps.ts';
import { holdJobLease } from '../queries/job-leases.ts';
import { askAnew } from './ask-anew.ts';
import { callStuck } from './call-stuck.ts';
import { expireOverdue } from './expire-overdue.ts';
import { createGapFiller } from './fill-gaps.ts';
import { createBucketForgetter } from './forget-buckets.ts';
import { freeSlots } from './free-slots.ts';
import { sendAgain } from './send-again.ts';
import { settleChanges } from './settle-changes.ts';

const JOB = 'tx-orchestrator/sweep';
const LEASE_SECONDS = 5;
const INTERVAL_MS = 1_000;

const TASKS = { expireOverdue, settleChanges, sendAgain, freeSlots, callStuck, askAnew };

type Tasks = Readonly<Record<string, (deps: OrchestratorDeps) => Promise<void>>>;

/** The recurring work of the orchestrator; disposing it waits for the round in hand. Old rows are kept for so many days. */
export function startSweeper(deps: OrchestratorDeps, retentionDays: number): AsyncDisposable {
  const stop = new AbortController();
  const tasks = {
    ...TASKS,
    fillGaps: createGapFiller(),
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

/** One process at a time leads, by a lease row; what the tasks do is right even if two did it. */
async function sweepUntil(stop: AbortSignal, deps: OrchestratorDeps, tasks: Tasks): Promise<void> {
  const holder = deps.newId();
  while (!stop.aborted) {
    if (await leads(deps, holder)) await runTasks(deps, tasks);
    await sleep(INTERVAL_MS, undefined, { signal: stop }).catch(() => {});
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

async function runTasks(deps: OrchestratorDeps, tasks: Tasks): Promise<void> {
  for (const [task, run] of Object.entries(tasks)) {
    try {
      await run(deps);
    } catch (error) {
      deps.log.warn({ task, err: error }, 'a sweep failed; tried again');
    }
  }
}
