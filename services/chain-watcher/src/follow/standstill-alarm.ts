import type { Chain } from '../chains.ts';
import type { WatcherDeps } from '../deps.ts';
import type { PassResult } from './pass-result.ts';

/** A chain that stands for twenty of its blocks, and for this long at least, is told to whoever is on duty. */
const SHORTEST_MS = 10_000;
const BLOCKS = 20;

/**
 * Heeds what came of each pass over a chain. One that has stood still for too long, whatever keeps it, says so once with an
 * alert, and once that it goes on; one that is stopped has an alert of its own.
 */
export function createStandstillAlarm(
  { log, clock }: Pick<WatcherDeps, 'log' | 'clock'>,
  { config: { chainId, blockTimeMs } }: Pick<Chain, 'config'>,
): (result: PassResult) => void {
  const patienceMs = Math.max(SHORTEST_MS, BLOCKS * blockTimeMs);
  let sinceMs: number | null = null;
  let isTold = false;
  return (result) => {
    if (result !== 'stands') {
      if (isTold) log.warn({ chainId }, 'the chain stood still, and goes on');
      sinceMs = null;
      isTold = false;
      return;
    }
    const nowMs = clock().getTime();
    sinceMs ??= nowMs;
    if (isTold || nowMs - sinceMs < patienceMs) return;
    isTold = true;
    log.error({ chainId, since: new Date(sinceMs), alert: true }, 'the chain stands still');
  };
}
