import { setTimeout as sleep } from 'node:timers/promises';
import type { Bells } from './bells.ts';
import type { WaitingRoom } from './waiting-room.ts';

/** What one look found. */
export interface Look<Found> {
  readonly found: readonly Found[];
  /** In how many milliseconds a lease ends and a look may find more; null when none runs. */
  readonly nextMs: number | null;
}

/** Where polls wait, and what wakes them. */
export interface PollDeps {
  readonly room: WaitingRoom;
  readonly bells: Bells;
}

/** One poll: how long it may wait, and when nobody waits for its answer any more. */
export interface Poll<Found> {
  readonly tenantId: string;
  readonly waitSeconds: number;
  readonly hungUp: AbortSignal;
  readonly look: () => Promise<Look<Found>>;
}

/**
 * Gives what a look finds: at once, or as soon as a bell or the end of a lease makes a look find anything, or nothing
 * when the time is over. It looks when it is told to, never on the chance. Throws `too_many_waiting`.
 */
export async function poll<Found>(deps: PollDeps, order: Poll<Found>): Promise<readonly Found[]> {
  const { found } = await order.look();
  if (found.length > 0 || order.waitSeconds === 0) return found;
  using _seat = deps.room.sit(order.tenantId);
  return await wait(deps, order);
}

async function wait<Found>({ room, bells }: PollDeps, order: Poll<Found>): Promise<readonly Found[]> {
  const late = AbortSignal.timeout(order.waitSeconds * 1_000);
  const left = AbortSignal.any([order.hungUp, room.closed]);
  while (!left.aborted) {
    // The bell hangs before the look: what comes between the two rings it.
    const { promise: rung, resolve: ring } = Promise.withResolvers<void>();
    using _bell = bells.hang(order.tenantId, ring);
    const { found, nextMs } = await order.look();
    if (found.length > 0 || late.aborted) return found;
    await firstOf(rung, nextMs, AbortSignal.any([left, late]));
  }
  return [];
}

/** Waits for the bell, for the time, or for the signal, whichever is first. */
async function firstOf(rung: Promise<void>, ms: number | null, signal: AbortSignal): Promise<void> {
  const done = new AbortController();
  const stop = AbortSignal.any([signal, done.signal]);
  const slept = sleep(ms ?? LONGEST_MS, undefined, { signal: stop }).catch(() => undefined);
  await Promise.race([rung, slept]);
  done.abort();
}

/** Longer than any poll waits. */
const LONGEST_MS = 3_600_000;
