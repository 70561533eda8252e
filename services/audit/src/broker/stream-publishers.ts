import type { Bus } from '@ironforge/bus';
import type { Logger, TenantId } from '@ironforge/kernel';
import { createNapper } from '../copy/create-napper.ts';
import { type FollowDeps, followLog, type FollowPauses } from '../follow/follow-log.ts';
import { tenantsWithStream } from '../queries/audit-broker-streams.ts';
import { streamFollower } from './publish-stream.ts';

/** What filling streams stands on. */
export interface PublishersDeps extends FollowDeps {
  readonly bus: Pick<Bus, 'publish'>;
  readonly log: Logger;
}

/** Fills the streams of all tenants that have one. */
export interface StreamPublishers extends AsyncDisposable {
  /** A tenant got a stream, or has none any more. */
  readonly wake: () => void;
}

/** Starts with the streams that there are; those that another process makes or removes are found by a look in `lookMs`. */
export function startStreamPublishers(
  deps: PublishersDeps,
  { lookMs, ...pauses }: FollowPauses & { readonly lookMs: number },
): StreamPublishers {
  const stop = new AbortController();
  const napper = createNapper(stop.signal);
  const running = new Map<TenantId, AsyncDisposable>();
  const looking = lookUntilStopped();
  return {
    wake: napper.wake,
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await looking;
      await Promise.all([...running.values()].map((follower) => follower[Symbol.asyncDispose]()));
    },
  };

  async function lookUntilStopped(): Promise<void> {
    while (!stop.signal.aborted) {
      await look().catch((error: unknown) => deps.log.warn({ err: error }, 'the streams were not looked at'));
      const timer = setTimeout(napper.wake, lookMs);
      await napper.untilWoken();
      clearTimeout(timer);
    }
  }

  async function look(): Promise<void> {
    const wanted = new Set(await deps.store.system('audit_followers').read(tenantsWithStream));
    for (const tenantId of wanted)
      if (!running.has(tenantId))
        running.set(tenantId, followLog(deps, streamFollower(deps.bus, tenantId), pauses));
    for (const [tenantId, follower] of running) {
      if (wanted.has(tenantId)) continue;
      running.delete(tenantId);
      await follower[Symbol.asyncDispose]();
    }
  }
}
