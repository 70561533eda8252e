import { setTimeout as sleep } from 'node:timers/promises';
import { type Logger, mayRetry } from '@ironforge/kernel';
import type { ExportJobRow } from '@ironforge/schema';
import { createNapper } from '../copy/create-napper.ts';
import { claimExport, expireExports, releaseExport } from '../queries/export-jobs.ts';
import { sourceOf } from './export-job.ts';
import type { ExportTelemetry } from './export-telemetry.ts';
import { makeExport, type MakeDeps } from './make-export.ts';

/** What the exporter needs besides the making. */
export interface ExporterDeps extends MakeDeps {
  readonly log: Logger;
  readonly telemetry: ExportTelemetry;
  /** This process, among those that make exports. */
  readonly holder: string;
}

/** How many exports at once, and how often it is looked for what a process left that died, and for what is over. */
export interface ExporterOptions {
  readonly atOnce: number;
  readonly intervalMs: number;
}

/** Makes exports, a few at once, the oldest first. */
export interface Exporter extends AsyncDisposable {
  /** One was asked for. Returns at once. */
  readonly wake: () => void;
}

/** Starts the exporter. Disposing waits for the parts under way and gives their exports back. */
export function createExporter(deps: ExporterDeps, { atOnce, intervalMs }: ExporterOptions): Exporter {
  const stop = new AbortController();
  const nappers = Array.from({ length: atOnce }, () => createNapper(stop.signal));
  const wake = () => nappers.forEach((napper) => napper.wake());
  const running = [...nappers.map(({ untilWoken }) => work(untilWoken)), sweep()];
  return {
    wake,
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await Promise.all(running);
    },
  };

  /** What fails is tried again once its lease is over, by whoever finds it. */
  async function work(untilWoken: () => Promise<void>): Promise<void> {
    while (!stop.signal.aborted) {
      const row = await claim(deps).catch(tellFailure);
      if (row === undefined) await untilWoken();
      else await make(deps, row, stop.signal).catch(tellFailure);
    }
  }

  async function sweep(): Promise<void> {
    while (!stop.signal.aborted) {
      await deps.store.system('audit_exporter').transaction(expireExports).catch(tellFailure);
      wake();
      await sleep(intervalMs, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  }

  function tellFailure(error: unknown): undefined {
    const level = mayRetry(error) ? 'warn' : 'error';
    deps.log[level]({ err: error }, 'an export was not made, it is tried again');
  }
}

const READ_COMMITTED = { isolation: 'read committed' } as const;

async function claim({ store, holder, leaseMs }: ExporterDeps): Promise<ExportJobRow | undefined> {
  const claimed = { holder, leaseMs };
  return await store.system('audit_exporter').transaction((tx) => claimExport(tx, claimed), READ_COMMITTED);
}

async function make(deps: ExporterDeps, row: ExportJobRow, stop: AbortSignal): Promise<void> {
  const outcome = await makeExport(deps, row, stop);
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
