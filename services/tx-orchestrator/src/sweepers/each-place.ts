import { AppError } from '@ironforge/kernel';
import type { Cause } from '@ironforge/service-kit';
import type { OrchestratorDeps } from '../deps.ts';
import type { PassedOver } from './passed-over.ts';

/** Nobody asked for it: the service itself acts. */
export const OWN_CAUSE: Cause = { actor: { type: 'service', id: 'tx-orchestrator' } };

/** How many a sweep takes at a time. */
export const BATCH = 100;

/** Each may wait for its row, and has one of the sixteen connections for so long; two sweeps work at lanes. */
const LANES_AT_ONCE = 4;

/** For how long a place is left out at most: where a retry is promised to help, and where it is not. */
const LEFT_OUT_MS = { later: 4_000, never: 60_000 };

/** What one sweep works with: each has its own memory of where it failed. */
export interface SweepDeps extends OrchestratorDeps {
  readonly passedOver: PassedOver;
}

/** Where a sweep works: at a request or a change by its id, at a lane, or at a tenant. */
export interface Place {
  readonly tenantId: string;
  readonly id?: string;
  readonly chainId?: string;
  readonly address?: string;
}

type Sweep = Pick<SweepDeps, 'log' | 'passedOver'>;
type Work<T> = (place: T) => Promise<void>;

/** Does the work for each, one after the other; one that fails stops none of its siblings, and is left out for a while. */
export async function eachPlace<T extends Place>(
  sweep: Sweep,
  places: readonly T[],
  work: Work<T>,
): Promise<void> {
  await workOff(sweep, openAmong(sweep, places), work);
}

/** The same for lanes, some beside each other, so that the others have their turn while one waits for whoever holds it. */
export async function eachLane<T extends Place>(
  sweep: Sweep,
  lanes: readonly T[],
  work: Work<T>,
): Promise<void> {
  const open = openAmong(sweep, lanes);
  await Promise.all(Array.from({ length: LANES_AT_ONCE }, () => workOff(sweep, open, work)));
}

/** What is not left out now; each is taken once, by whoever takes the next one. */
function openAmong<T extends Place>({ passedOver }: Sweep, places: readonly T[]): IterableIterator<T> {
  return places.filter((one) => !passedOver.has(nameOf(one))).values();
}

async function workOff<T extends Place>(
  { log, passedOver }: Sweep,
  places: IterableIterator<T>,
  work: Work<T>,
): Promise<void> {
  for (const place of places) {
    try {
      await work(place);
      passedOver.succeeded(nameOf(place));
    } catch (error) {
      passedOver.failed(nameOf(place), LEFT_OUT_MS[error instanceof AppError ? error.retry : 'never']);
      log.warn({ ...fieldsOf(place), err: error }, 'a sweep left one behind; tried again');
    }
  }
}

function fieldsOf({ tenantId, id, chainId, address }: Place) {
  return { tenantId, id, chainId, address };
}

/** As the queries spell it: the id alone, or what names the lane, or the tenant. */
export function nameOf({ tenantId, id, chainId, address }: Place): string {
  return id ?? (address === undefined ? tenantId : `${tenantId} ${chainId} ${address}`);
}
