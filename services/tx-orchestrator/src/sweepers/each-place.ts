import { AppError } from '@ironforge/kernel';
import type { Cause } from '@ironforge/service-kit';
import type { OrchestratorDeps } from '../deps.ts';
import type { PassedOver } from './passed-over.ts';

/** Nobody asked for it: the service itself acts. */
export const OWN_CAUSE: Cause = { actor: { type: 'service', id: 'tx-orchestrator' } };

/** How many a sweep takes at a time. */
export const BATCH = 100;

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

/** Does the work for each, one after the other; one that fails stops none of its siblings, and is left out for a while. */
export async function eachPlace<T extends Place>(
  { log, passedOver }: Pick<SweepDeps, 'log' | 'passedOver'>,
  places: readonly T[],
  work: (place: T) => Promise<void>,
): Promise<void> {
  for (const place of places.filter((one) => !passedOver.has(nameOf(one)))) {
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
