import { setTimeout as sleep } from 'node:timers/promises';
import { present } from '@ironforge/kernel';
import type { SigningDeps } from '../sign-transaction.ts';
import type { Signer } from '../signer.ts';
import { createBackOff } from './back-off.ts';
import { findTasks, type Task } from './find-tasks.ts';
import { createLanes, type Lanes } from './lanes.ts';
import { createLeftAlone } from './left-alone.ts';
import type { News } from './news.ts';
import { settle } from './settle.ts';
import { faultOf, takeTask } from './take-task.ts';

/** What a watching signer works with. */
export interface WatchDeps extends Omit<SigningDeps, 'signer'> {
  readonly signers: readonly Signer[];
  readonly tell: (news: News) => void;
  /** Gives 0 to 1. */
  readonly chance: () => number;
  /** Ends it; the task in hand is finished first. */
  readonly stop: AbortSignal;
}

/** All there is must be left alone, and is more than the server can be told to leave out: the next look waits so long. */
const LEFT_ALONE_MS = 5_000;
const WAIT_SECONDS = 30;
/** The others are to be asked about soon. */
const SOME_FREE_WAIT_SECONDS = 5;

/** Signs what comes until it is stopped. */
export async function watch(deps: WatchDeps): Promise<void> {
  const { signers, clock, stop, tell } = deps;
  const byAddress = new Map(signers.map((signer) => [signer.address, signer]));
  const addresses = [...byAddress.keys()];
  const leftAlone = createLeftAlone();
  const takeOne = async (task: Task): Promise<boolean> => {
    const signer = present(byAddress.get(task.address), 'the signer of an address that was asked for');
    const outcome = await takeTask({ ...deps, signer }, task);
    settle({ leftAlone, tell, nowMs: clock().getTime() }, task, outcome);
    return !('postponed' in outcome && outcome.postponed.code === 'signer_silent');
  };
  const lanes = createLanes({ addresses, takeOne, clock, stop });
  const watching = { ...deps, lanes, leftAlone, line: createLine(deps) };
  tell({ event: 'watching', addresses });
  while (!stop.aborted) await round(watching);
  await lanes.done();
  tell({ event: 'stopped' });
}

interface Watching extends WatchDeps {
  readonly lanes: Lanes;
  readonly leftAlone: ReturnType<typeof createLeftAlone>;
  readonly line: ReturnType<typeof createLine>;
}

async function round({ api, lanes, leftAlone, ...watching }: Watching): Promise<void> {
  const { signers, clock, stop, line } = watching;
  const addresses = lanes.free();
  if (addresses.length === 0) return await lanes.change();
  const waitSeconds = addresses.length < signers.length ? SOME_FREE_WAIT_SECONDS : WAIT_SECONDS;
  const search = { api, addresses, leftAlone, nowMs: clock().getTime(), waitSeconds, stop };
  try {
    const { tasks, isAllLeftAlone } = await findTasks(search);
    line.up();
    if (isAllLeftAlone) await pause(LEFT_ALONE_MS, stop);
    await lanes.take(tasks);
  } catch (error) {
    if (!stop.aborted) await line.down(error);
  }
}

/** The line to the server: says once that it is down, and when it is up again; waits longer and longer meanwhile. */
function createLine({ tell, chance, stop }: Pick<WatchDeps, 'tell' | 'chance' | 'stop'>) {
  const backOff = createBackOff(chance);
  let fault: string | null = null;
  return {
    up: () => {
      if (fault !== null) tell({ event: 'back' });
      fault = null;
      backOff.reset();
    },
    down: async (error: unknown) => {
      const { code, message: why } = faultOf(error);
      if (fault !== code) tell({ event: 'away', code, why });
      fault = code;
      await pause(backOff.next(), stop);
    },
  };
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
