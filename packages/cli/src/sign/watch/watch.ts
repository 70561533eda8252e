import { setTimeout as sleep } from 'node:timers/promises';
import { present } from '@ironforge/kernel';
import type { SigningDeps } from '../sign-transaction.ts';
import type { Signer } from '../signer.ts';
import { createBackOff } from './back-off.ts';
import { findTasks, type Task } from './find-tasks.ts';
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

/** Signs what comes until it is stopped. */
export async function watch(deps: WatchDeps): Promise<void> {
  const signers = new Map(deps.signers.map((signer) => [signer.address, signer]));
  const watching = { ...deps, byAddress: signers, leftAlone: createLeftAlone(), line: createLine(deps) };
  deps.tell({ event: 'watching', addresses: [...signers.keys()] });
  while (!deps.stop.aborted) await round(watching);
  deps.tell({ event: 'stopped' });
}

interface Watching extends WatchDeps {
  readonly byAddress: ReadonlyMap<string, Signer>;
  readonly leftAlone: ReturnType<typeof createLeftAlone>;
  readonly line: ReturnType<typeof createLine>;
}

async function round(watching: Watching): Promise<void> {
  const { api, byAddress, leftAlone, clock, stop, line } = watching;
  const search = { api, addresses: [...byAddress.keys()], leftAlone, nowMs: clock().getTime(), stop };
  try {
    const { tasks, isAllLeftAlone } = await findTasks(search);
    line.up();
    if (isAllLeftAlone) await pause(LEFT_ALONE_MS, stop);
    await takeAll(watching, tasks);
  } catch (error) {
    if (!stop.aborted) await line.down(error);
  }
}

/** Several wallets side by side, the tasks of one in their order. */
async function takeAll(watching: Watching, tasks: readonly Task[]): Promise<void> {
  const lanes = [...Map.groupBy(tasks, ({ address }) => address).values()];
  await Promise.all(lanes.map((lane) => takeInOrder(watching, lane)));
}

async function takeInOrder(watching: Watching, tasks: readonly Task[]): Promise<void> {
  const { byAddress, leftAlone, clock, tell, stop } = watching;
  for (const task of tasks) {
    if (stop.aborted) return;
    const signer = present(byAddress.get(task.address), 'the signer of an address that was asked for');
    const outcome = await takeTask({ ...watching, signer }, task);
    settle({ leftAlone, tell, nowMs: clock().getTime() }, task, outcome);
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
