import type { Bus } from '@ironforge/bus';
import type { Logger, NewId } from '@ironforge/kernel';
import type { Metrics } from '@ironforge/service-kit';
import type { Store } from '@ironforge/store';
import { STREAM_FOLLOWER } from '../broker/publish-stream.ts';
import { startStreamPublishers, type StreamPublishers } from '../broker/stream-publishers.ts';
import type { Heads } from './create-heads.ts';
import { createFollowTelemetry } from './follow-telemetry.ts';
import { createFollowTeller } from './follow-teller.ts';
import { watchFollowers } from './watch-followers.ts';

/** What following stands on. */
export interface FollowingDeps {
  readonly store: Store;
  readonly bus: Pick<Bus, 'publish'>;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly newId: NewId;
}

const PAUSES = { leaseMs: 15_000, deliverMs: 10_000, busyMs: 2_000, firstMs: 250, mostMs: 10_000 };
const LOOK_MS = 5_000;
const WATCH = { intervalMs: 2_000, lagAlertSeconds: 60 };

/** Starts everything that brings sealed entries elsewhere, and the watch over it. Disposing ends all of it. */
export function startFollowing(
  deps: FollowingDeps,
  heads: Heads,
): Pick<StreamPublishers, 'wake'> & AsyncDisposable {
  const { store, bus, log, newId, metrics } = deps;
  const stack = new AsyncDisposableStack();
  const following = { store, heads, holder: newId(), teller: createFollowTeller(log) };
  const publishers = stack.use(
    startStreamPublishers({ ...following, bus, log }, { ...PAUSES, lookMs: LOOK_MS }),
  );
  const telemetry = createFollowTelemetry(metrics.registry);
  const isWanted = ({ name }: { readonly name: string }) => name === STREAM_FOLLOWER;
  stack.use(watchFollowers({ store, telemetry, log, isWanted }, WATCH));
  return { wake: publishers.wake, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}
