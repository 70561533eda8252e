import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode, type Logger } from '@ironforge/kernel';
import type { ExportJobRow } from '@ironforge/schema';
import { createNapper } from '../copy/create-napper.ts';
import { claimExport, expireExports, releaseExport } from '../queries/export-jobs.ts';
import type { Telemetry } from '../telemetry.ts';
import { makeExport, type MakeDeps } from './make-export.ts';
import { sourceOf } from './export-job.ts';

/** What the exporter needs besides the making. */
export interface ExporterDeps extends MakeDeps {
  readonly log: Logger;
  readonly telemetry: Pick<Telemetry, 'exportEnded'>;
  /** This process, among those that make exports. */
  readonly holder: string;
  /** How often it is looked for what a process left that died, and for what is over. */
  readonly intervalMs: number;
  readonly atOnce: number;
}

/** Makes exports, a few at once, the oldest first. */
export interface Exporter extends AsyncDisposable {
  /** One was asked for. Returns at once. */
  readonly wake: () => void;
}

/** Starts the exporter. Disposing waits for the parts under way and gives their exports back. */
export function createExporter(deps: ExporterDeps): Exporter {
  const stop = new AbortController();
  const nappers = Array.from({ length: deps.atOnce }, () => createNapper(stop.signal));
  const wake = () => nappers.forEach((napper) => napper.wake());
  const running = [...nappers.map((napper) => work(napper.untilWoken)), sweep()];
  return {
    wake,
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await Promise.all(running);
    },
  };

  async function work(untilWoken: () => Promise<void>): Promise<void> {
    while (!stop.signal.aborted) {
      const row = await claim().catch(tellFailure);
      if (row === undefined) await untilWoken();
      else await make(row).catch(tellFailure);
    }
  }

  async function claim(): Promise<ExportJobRow | undefined> {
    const { store, holder, leaseMs } = deps;
    const claimed = { holder, leaseMs };
    return await store.system('audit_exporter').transaction((tx) => claimExport(tx, claimed), READ_COMMITTED);
  }

  /** What fails is tried again once its lease is over, by whoever finds it. */
  async function make(row: ExportJobRow): Promise<void> {
    const outcome = await makeExport(deps, row, stop.signal);
    deps.telemetry.exportEnded(outcome);
    const { tenantId, exportId } = sourceOf(row);
    if (outcome === 'changed')
      deps.log.error(
        { alert: 'audit_export_changed', tenantId, exportId },
        'the log is not what was sealed: nothing is exported of it',
      );
    if (outcome === 'stopped')
      await deps.store.forTenant(tenantId).transaction((tx) => releaseExport(tx, row), READ_COMMITTED);
  }

  async function sweep(): Promise<void> {
    while (!stop.signal.aborted) {
      await deps.store.system('audit_exporter').transaction(expireExports).catch(tellFailure);
      wake();
      await sleep(deps.intervalMs, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  }

  function tellFailure(error: unknown): undefined {
    const level = hasCode(error, 'dependency_down') ? 'warn' : 'error';
    deps.log[level]({ err: error }, 'an export was not made, it is tried again');
  }
}

const READ_COMMITTED = { isolation: 'read committed' } as const;
