import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@ironforge/kernel';
import type { Store } from '@ironforge/store';
import { type BehindRow, tenantsAhead, tenantsBehind } from '../queries/audit-copies.ts';
import { createAheadTeller } from './ahead-teller.ts';
import type { Copier } from './create-copier.ts';
import type { CopyTelemetry } from './copy-telemetry.ts';

/** What is watched, and who is woken. */
export interface CopyWatchDeps {
  readonly store: Store;
  readonly database: string;
  readonly copier: Pick<Copier, 'wake'>;
  readonly telemetry: CopyTelemetry;
  readonly log: Logger;
}

/** How often, and when it is too long. */
export interface CopyWatchOptions {
  readonly intervalMs: number;
  /** A sealed entry that waits longer raises an alert. */
  readonly lagAlertSeconds: number;
}

/**
 * Finds by state what was sealed and not copied (by a process that died, or while immudb was away), shows how much that is, and
 * tells when it waits for too long, and when no longer. Tells too of a log that is shorter than its copy. Goes on until disposed.
 */
export function watchCopy(deps: CopyWatchDeps, options: CopyWatchOptions): AsyncDisposable {
  const { log } = deps;
  const stop = new AbortController();
  const tell = createLagTeller(log, options.lagAlertSeconds);
  const tellAhead = createAheadTeller(log);
  const running = watchUntilStopped();
  return {
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await running;
    },
  };

  async function watchUntilStopped(): Promise<void> {
    while (!stop.signal.aborted) {
      await look().catch((error: unknown) =>
        log.warn({ err: error }, 'the copy in immudb was not looked at'),
      );
      await sleep(options.intervalMs, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  }

  async function look(): Promise<void> {
    const { store, database, copier, telemetry } = deps;
    const rows = await store.system('audit_copier').read((tx) => tenantsBehind(tx, database));
    if (rows.length > 0) copier.wake();
    const lag = lagOf(rows);
    telemetry.entriesBehind(lag.entries);
    tell(lag);
    tellAhead(await store.system('audit_copier').read((tx) => tenantsAhead(tx, database)));
  }
}

interface Lag {
  readonly entries: number;
  /** Of the entry that waits longest. */
  readonly seconds: number;
}

function lagOf(rows: readonly BehindRow[]): Lag {
  const entries = rows.reduce((sum, row) => sum + Number(row.entries), 0);
  const seconds = rows.reduce((most, row) => Math.max(most, Number(row.waited_seconds)), 0);
  return { entries, seconds };
}

/** Tells once that the copy lags, and once that it no longer does. */
function createLagTeller(log: Logger, alertSeconds: number): (lag: Lag) => void {
  let isTold = false;
  return ({ entries, seconds }) => {
    const isLate = entries > 0 && seconds >= alertSeconds;
    if (isLate && !isTold)
      log.error({ alert: 'audit_copy_behind', entries, seconds }, 'the copy in immudb lags');
    if (!isLate && isTold)
      log.warn({ alert: 'audit_copy_behind', entries }, 'the copy in immudb lagged, and no longer does');
    isTold = isLate;
  };
}
