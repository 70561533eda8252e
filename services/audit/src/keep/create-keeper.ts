import { setTimeout as sleep } from 'node:timers/promises';
import { type Logger, mayRetry, type TenantId } from '@ironforge/kernel';
import { allRetentions } from '../queries/audit-retentions.ts';
import type { Telemetry } from '../telemetry.ts';
import { type PruneDeps, pruneBatch } from './prune-batch.ts';
import { limitedIn, readRetention } from './retention.ts';

/** What the keeper needs besides its batches. */
export interface KeeperDeps extends PruneDeps {
  readonly telemetry: Pick<Telemetry, 'entriesPruned'>;
  readonly log: Logger;
}

/** Prunes what no retention and no hold keeps any more. */
export interface Keeper extends AsyncDisposable {
  /** A retention was set or a hold released: something may be due. Returns at once. */
  readonly wake: () => void;
}

/** Makes a keeper that looks when it is woken, and every so often, for months end by themselves. Disposing waits for the batch under way. */
export function createKeeper(deps: KeeperDeps, { intervalMs }: { readonly intervalMs: number }): Keeper {
  const stop = new AbortController();
  let bell = new AbortController();
  const running = keepUntilStopped();
  const wake = () => bell.abort();
  return {
    wake,
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      wake();
      await running;
    },
  };

  async function keepUntilStopped(): Promise<void> {
    while (!stop.signal.aborted) {
      bell = new AbortController();
      await round().catch(tell);
      await sleep(intervalMs, undefined, { signal: bell.signal }).catch(() => undefined);
    }
  }

  async function round(): Promise<void> {
    const set = await deps.store.system('audit_keeper').read(allRetentions);
    for (const { tenant_id: tenantId, days } of set) await pruneTenant(tenantId, days).catch(tell);
  }

  async function pruneTenant(tenantId: TenantId, days: unknown): Promise<void> {
    if (limitedIn(readRetention(days)).length === 0) return;
    while (!stop.signal.aborted) {
      const result = await pruneBatch(deps, tenantId);
      if (result.state === 'altered')
        deps.log.error({ alert: 'audit_pruning_refused', tenantId, sequence: result.sequence }, ALTERED);
      if (result.state !== 'pruned') return;
      deps.telemetry.entriesPruned(result.category, result.count);
    }
  }

  function tell(error: unknown): void {
    const level = mayRetry(error) ? 'warn' : 'error';
    deps.log[level]({ err: error }, 'entries were not pruned, the next round tries again');
  }
}

const ALTERED = 'an entry is not what was sealed: nothing of this tenant is pruned until somebody has looked';
