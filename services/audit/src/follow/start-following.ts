import type { Bus } from '@ironforge/bus';
import type { Logger, NewId } from '@ironforge/kernel';
import type { Metrics } from '@ironforge/service-kit';
import type { Store } from '@ironforge/store';
import { STREAM_FOLLOWER } from '../broker/publish-stream.ts';
import { startStreamPublishers, type StreamPublishers } from '../broker/stream-publishers.ts';
import { pushName } from '../push/push-follower.ts';
import { startPush } from '../push/start-push.ts';
import type { PushTarget } from '../push/targets.ts';
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
  /** The receivers that entries are pushed to, and the name that this machine has there. */
  readonly targets: readonly PushTarget[];
  readonly host: string;
}

const PAUSES = { leaseMs: 15_000, deliverMs: 10_000, busyMs: 2_000, firstMs: 250, mostMs: 10_000 };
const LOOK_MS = 5_000;
const WATCH = { intervalMs: 2_000, lagAlertSeconds: 60 };

/** Starts everything that brings sealed entries elsewhere, and the watch over it. Disposing ends all of it. */
export function startFollowing(
  deps: FollowingDeps,
  heads: Heads,
): Pick<StreamPublishers, 'wake'> & AsyncDisposable {
  const { store, bus, log, newId, metrics, targets, host } = deps;
  const stack = new AsyncDisposableStack();
  const following = { store, heads, holder: newId(), teller: createFollowTeller(log) };
  const publishers = stack.use(
    startStreamPublishers({ ...following, bus, log }, { ...PAUSES, lookMs: LOOK_MS }),
  );
  stack.use(startPush({ ...following, host }, targets, PAUSES));
  const telemetry = createFollowTelemetry(metrics.registry);
  const wanted = new Set([STREAM_FOLLOWER, ...targets.map(({ name }) => pushName(name))]);
  const isWanted = ({ name }: { readonly name: string }) => wanted.has(name);
  stack.use(watchFollowers({ store, telemetry, log, isWanted }, WATCH));
  return { wake: publishers.wake, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}
