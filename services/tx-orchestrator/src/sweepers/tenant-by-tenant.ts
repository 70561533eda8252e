import type { RequestPlace } from '../queries/overdue-requests.ts';
import { eachPlace, type SweepDeps } from './each-place.ts';

/** How many share a transaction: their rows, and the spending windows that they hold, are locked until its end. */
const TOGETHER = 25;

/**
 * Does the work for requests of one tenant together, so many at a time. When that fails, for whatever reason, each of them
 * has its turn alone, so that one that fails does not stop its siblings.
 */
export async function tenantByTenant(
  deps: Pick<SweepDeps, 'log' | 'passedOver'>,
  places: readonly RequestPlace[],
  work: (tenantId: string, ids: readonly string[]) => Promise<void>,
): Promise<void> {
  for (const [tenantId, own] of Map.groupBy(places, (place) => place.tenantId)) {
    for (let done = 0; done < own.length; done += TOGETHER) {
      const some = own.slice(done, done + TOGETHER);
      const isDone = some.length > 1 && (await succeeds(work(tenantId, idsOf(some))));
      if (!isDone) await eachPlace(deps, some, (place) => work(tenantId, [place.id]));
    }
  }
}

function idsOf(places: readonly RequestPlace[]): readonly string[] {
  return places.map(({ id }) => id);
}

/** Why not is told by the one that fails alone. */
async function succeeds(work: Promise<void>): Promise<boolean> {
  return await work.then(
    () => true,
    () => false,
  );
}
