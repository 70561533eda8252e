import { performance } from 'node:perf_hooks';

/** How often it is looked whether the process is at rest. */
export interface IdleLooks {
  readonly everyMs: number;
}

/**
 * Collects garbage at once, and again whenever the process has come to rest after work: what starting or a burst left behind
 * would stay until the heap is full, which it never is while there is little to do. Only where Node is told to offer it
 * (`--expose-gc`).
 */
export function collectWhenIdle({ everyMs }: IdleLooks = { everyMs: 5_000 }): void {
  const { gc } = globalThis;
  if (gc === undefined) return;
  let held = heldAfter(gc);
  let seen = performance.eventLoopUtilization();
  setInterval(() => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, seen);
    seen = now;
    const holds = process.memoryUsage.rss();
    const isWorthIt = utilization < AT_REST && holds > held + WORTH_IT;
    held = isWorthIt ? heldAfter(gc) : Math.min(held, holds);
  }, everyMs).unref();
}

/** The part of its time that a process at rest works: nobody waits for what a collection takes. */
const AT_REST = 0.05;
/** Bytes; less is not worth the tens of milliseconds that a collection takes. */
const WORTH_IT = 8 * 1024 * 1024;

function heldAfter(gc: NodeJS.GCFunction): number {
  gc({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  return process.memoryUsage.rss();
}
