import type { EventData, StopReason } from '@ironforge/contracts';
import { branded, type TenantId } from '@ironforge/kernel';
import type { Cause } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import type { WatcherDeps } from './deps.ts';
import { causeOfChain, type ChainNews } from './messages.ts';
import type { CursorState } from './queries/chain-cursors.ts';
import { listWatchingTenants } from './queries/watched-addresses.ts';

/** Tells each tenant with a wallet on a chain that it is stopped, and why. */
export async function tellStopped(
  deps: WatcherDeps,
  tx: Tx,
  { at, reason }: { readonly at: CursorState; readonly reason: StopReason },
): Promise<void> {
  const data = { ...placeOf(at), reason, finalizedHeight: orNull(at.finalizedHeight) };
  await tellAll(deps, tx, { type: 'chain.stopped', data, cause: causeOfChain(at.chainId) });
}

/** Tells them that it is followed again. */
export async function tellWentOn(deps: WatcherDeps, tx: Tx, at: CursorState): Promise<void> {
  await tellAll(deps, tx, { type: 'chain.went_on', data: placeOf(at), cause: causeOfChain(at.chainId) });
}

/** A person takes finality back from where it stood; of which tenant the person is. */
export interface Resumption {
  readonly from: CursorState;
  readonly finalizedHeight: number;
  readonly tenantId: TenantId;
  readonly cause: Cause;
}

/** Tells them, and the tenant of the person who did it. */
export async function tellResumed(deps: WatcherDeps, tx: Tx, resumption: Resumption): Promise<void> {
  const { from, finalizedHeight, cause, tenantId } = resumption;
  const formerFinalizedHeight = orNull(from.finalizedHeight);
  const data = { ...placeOf(from), finalizedHeight, formerFinalizedHeight };
  await tellAll(deps, tx, { type: 'chain.resumed', data, cause }, [tenantId]);
}

interface News<T extends ChainNews> {
  readonly type: T;
  readonly data: EventData<T>;
  readonly cause: Cause;
}

// oxlint-disable-next-line max-params -- what it is told with, and those who hear of it besides
async function tellAll<T extends ChainNews>(
  deps: WatcherDeps,
  tx: Tx,
  news: News<T>,
  also: readonly TenantId[] = [],
): Promise<void> {
  const tenants = new Set([...(await listWatchingTenants(tx, news.data.chainId)), ...also]);
  const messages = [...tenants].map((id) => deps.messages.chainNews(branded<TenantId>(id), news));
  deps.outbox.add(tx, messages);
}

function placeOf({ chainId, height, hash }: CursorState) {
  return { chainId, height, hash };
}

/** Below 0 nothing is final. */
function orNull(height: number): number | null {
  return height < 0 ? null : height;
}
