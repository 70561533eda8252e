import { type ReplyOf, ROUTES } from '@ironforge/contracts';
import type { Api } from '../../api/client.ts';
import type { LeftAlone } from './left-alone.ts';

/** One thing to sign, as the server lists it. */
export type Task = ReplyOf<(typeof ROUTES)['listSigningTasks']>['data'][number];

/** Where to look, and for whom. */
export interface Search {
  readonly api: Api;
  readonly addresses: readonly string[];
  readonly leftAlone: LeftAlone;
  readonly nowMs: number;
  /** How long the server may wait for a task. */
  readonly waitSeconds: number;
  readonly stop: AbortSignal;
}

/** What is to be signed; `isAllLeftAlone` when there are tasks but none to take, so that the server did not wait. */
export interface Finding {
  readonly tasks: readonly Task[];
  readonly isAllLeftAlone: boolean;
}

/** The server answers at its latest after the wait; it and the way get as long again. */
const PATIENCE_MS = 60_000;
const MAX_EXCEPT = 100;

/** Waits for tasks that are not left alone. */
export async function findTasks(search: Search): Promise<Finding> {
  const { addresses, leftAlone, nowMs, waitSeconds } = search;
  const except = leftAlone.ids(nowMs).slice(0, MAX_EXCEPT).join(',');
  const address = addresses.join(',');
  let cursor: string | undefined;
  for (;;) {
    const wait = cursor === undefined ? waitSeconds : 0;
    const page = await ask(search, { address, except: except === '' ? undefined : except, cursor, wait });
    const tasks = page.data.filter(
      (task) => addresses.includes(task.address) && !leftAlone.has(task.id, nowMs),
    );
    if (tasks.length > 0 || page.nextCursor === null)
      return { tasks, isAllLeftAlone: tasks.length === 0 && (page.data.length > 0 || cursor !== undefined) };
    cursor = page.nextCursor;
  }
}

interface Query {
  readonly address: string;
  readonly except: string | undefined;
  readonly cursor: string | undefined;
  readonly wait: number;
}

function ask({ api, stop: signal }: Search, query: Query) {
  return api.call(ROUTES.listSigningTasks, { query }, { signal, timeoutMs: PATIENCE_MS });
}
