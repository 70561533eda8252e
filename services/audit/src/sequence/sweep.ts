import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@ironforge/kernel';
import type { Store } from '@ironforge/store';
import { type WaitingRow, waitingAggregates } from '../queries/audit-entries.ts';
import { logsOfOtherKeys } from '../queries/audit-sequencers.ts';
import type { LogSigners } from '../seal/log-signers.ts';
import type { Telemetry } from '../telemetry.ts';
import type { Sequencer } from './create-sequencer.ts';
import { fillMissingTerms } from './fill-terms.ts';

/** What the sweep looks at, and whom it wakes. */
export interface SweepDeps {
  readonly store: Store;
  readonly sequencer: Sequencer;
  readonly signers: Pick<LogSigners, 'publicPart'>;
  readonly telemetry: Pick<Telemetry, 'entriesWaiting'>;
  readonly log: Logger;
}

/** How often, and when it is too long. */
export interface SweepOptions {
  readonly intervalMs: number;
  /** Entries that wait longer raise an alert: a lower version is missing. */
  readonly holdAlertSeconds: number;
}

/**
 * Finds by state what nobody was woken for (a process that died between storing and numbering; a log that has yet to tell of the
 * new key), tells of entries that are held back for too long, and gives words to sealed entries without. Goes on until disposed.
 */
export function startSweep(deps: SweepDeps, options: SweepOptions): AsyncDisposable {
  const stop = new AbortController();
  const alerted = new Set<string>();
  let mayBeSignedOtherwise = true;
  const running = sweepUntilStopped();
  return {
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await running;
    },
  };

  async function sweepUntilStopped(): Promise<void> {
    while (!stop.signal.aborted) {
      await sweep().catch((error: unknown) => deps.log.warn({ err: error }, 'the sweep of entries failed'));
      await sleep(options.intervalMs, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  }

  async function sweep(): Promise<void> {
    const waiting = await deps.store.system('audit_sequencer').read(waitingAggregates);
    deps.sequencer.wake([...new Set(waiting.map((row) => row.tenant_id))]);
    const held = waiting.filter((row) => row.waited_seconds >= options.holdAlertSeconds);
    deps.telemetry.entriesWaiting({ entries: sum(waiting), heldAggregates: held.length });
    tell(held, alerted, deps.log);
    if (mayBeSignedOtherwise) mayBeSignedOtherwise = await wakeLogsOfOtherKeys(deps);
    await fillMissingTerms(deps.store);
  }
}

const LOGS_AT_ONCE = 1_000;

/** A key changes with a start, so once no log is left that another one signed last there will be none. */
async function wakeLogsOfOtherKeys({
  store,
  sequencer,
  signers: { publicPart },
}: SweepDeps): Promise<boolean> {
  const tenantIds = await store
    .system('audit_sequencer')
    .read((tx) => logsOfOtherKeys(tx, publicPart, LOGS_AT_ONCE));
  sequencer.wake(tenantIds);
  return tenantIds.length > 0;
}

/** Tells of each aggregate once, until it no longer waits. */
function tell(held: readonly WaitingRow[], alerted: Set<string>, log: Logger): void {
  const keys = new Set(held.map(keyOf));
  for (const key of alerted) if (!keys.has(key)) alerted.delete(key);
  for (const row of held) {
    if (alerted.has(keyOf(row))) continue;
    alerted.add(keyOf(row));
    const { tenant_id: tenantId, aggregate, version, entries, waited_seconds: seconds } = row;
    log.error(
      { alert: 'audit_hold', tenantId, aggregate, version, entries, seconds },
      'entries wait for a version that is missing',
    );
  }
}

function keyOf({ tenant_id: tenantId, aggregate }: WaitingRow): string {
  return `${tenantId} ${aggregate}`;
}

function sum(rows: readonly WaitingRow[]): number {
  return rows.reduce((total, row) => total + Number(row.entries), 0);
}
