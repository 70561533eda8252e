import { type FollowDeps, followLog, type FollowPauses } from '../follow/follow-log.ts';
import { type PushDeps, pushFollower } from './push-follower.ts';
import type { PushTarget } from './targets.ts';

/** Starts bringing entries to each of these receivers, of which none waits for another. Disposing ends all of it. */
export function startPush(
  deps: PushDeps & FollowDeps,
  targets: readonly PushTarget[],
  pauses: FollowPauses,
): AsyncDisposable {
  const stack = new AsyncDisposableStack();
  for (const target of targets) {
    const follower = stack.use(pushFollower(deps, target));
    stack.use(followLog(deps, follower, pauses));
  }
  return stack;
}
