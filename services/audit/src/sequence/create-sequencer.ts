import { type Logger, mayRetry, type TenantId } from '@ironforge/kernel';
import { type ReportDeps, reportNumbered } from './report-numbered.ts';
import { type SequenceDeps, sequenceBatch } from './sequence-batch.ts';

/** What the sequencer needs besides the batches. */
export interface SequencerDeps extends SequenceDeps, ReportDeps {
  /** A batch was sealed and is committed: the log of this tenant has so many entries. */
  readonly onSealed: (tenantId: TenantId, size: bigint) => void;
}

/** Numbers entries, one tenant after the other, a few tenants at once. */
export interface Sequencer extends AsyncDisposable {
  /** Entries of these tenants were stored: number what can be numbered. Returns at once. */
  wake(tenantIds: readonly TenantId[]): void;
}

/** Makes a sequencer that sleeps until it is woken. Disposing numbers what has gathered, and waits for the batches under way. */
export function createSequencer(deps: SequencerDeps): Sequencer {
  const gathering = new Map<TenantId, NodeJS.Timeout>();
  const due = new Set<TenantId>();
  const running = new Map<TenantId, Promise<void>>();
  let isStopped = false;
  const tell = createTellers(deps.log);
  return {
    wake: (tenantIds) => {
      for (const tenantId of tenantIds) if (!due.has(tenantId)) after(tenantId, GATHER_MS);
    },
    [Symbol.asyncDispose]: async () => {
      isStopped = true;
      for (const [tenantId, timer] of gathering) {
        clearTimeout(timer);
        due.add(tenantId);
      }
      startWhatFits();
      while (running.size > 0) await Promise.all(running.values());
    },
  };

  /** What waits takes no place of those that work. */
  function after(tenantId: TenantId, ms: number): void {
    if (isStopped || gathering.has(tenantId)) return;
    const timer = setTimeout(() => {
      gathering.delete(tenantId);
      due.add(tenantId);
      startWhatFits();
    }, ms);
    gathering.set(tenantId, timer);
  }

  function startWhatFits(): void {
    for (const tenantId of due) {
      if (running.size >= TENANTS_AT_ONCE) return;
      if (!running.has(tenantId)) start(tenantId);
    }
  }

  function start(tenantId: TenantId): void {
    due.delete(tenantId);
    const work = sequenceTenant(deps, tenantId).then((state) => {
      running.delete(tenantId);
      if (state === 'busy') after(tenantId, BUSY_RETRY_MS);
      tell[state]?.(tenantId);
      startWhatFits();
    });
    running.set(tenantId, work);
  }
}

/** What is told of a log that stands still, once until it goes on: of a key once for all logs, since one key signs all of them. */
function createTellers(log: Logger): Readonly<Partial<Record<Outcome, (tenantId: TenantId) => void>>> {
  const told = new Set<string>();
  const once = (what: string, tell: () => void) => {
    if (!told.has(what)) tell();
    told.add(what);
  };
  return {
    retired: (tenantId) =>
      once('retired', () => log.error({ alert: 'audit_signing_key_retired', tenantId }, RETIRED)),
    changed: (tenantId) =>
      once(tenantId, () => log.error({ alert: 'audit_tree_changed', tenantId }, CHANGED)),
    done: (tenantId) => void told.delete(tenantId),
  };
}

const RETIRED =
  'AUDIT_SIGNING_KEY is a key that the log has left for another: nothing is numbered here until it is the newer one';

const CHANGED =
  'the stored tree of a log does not lead to the root that was signed: nothing of it is numbered until it does (docs/operators/audit-log.md)';

const TENANTS_AT_ONCE = 4;
/** While another process holds a lease; it may have looked before our entries were there. */
const BUSY_RETRY_MS = 25;

/** Entries come in small batches; so long they gather, so that numbering costs one transaction for many of them. */
const GATHER_MS = 100;

type Outcome = 'busy' | 'retired' | 'changed' | 'done';

/** Never rejects: what fails is found again by the sweep. */
async function sequenceTenant(deps: SequencerDeps, tenantId: TenantId): Promise<Outcome> {
  try {
    for (;;) {
      const result = await sequenceBatch(deps, tenantId);
      if (!('numbered' in result)) return result.state;
      reportNumbered(deps, tenantId, result.numbered);
      deps.onSealed(tenantId, result.size);
      if (result.state === 'done') return 'done';
    }
  } catch (error) {
    const level = mayRetry(error) ? 'warn' : 'error';
    deps.log[level]({ tenantId, err: error }, 'entries were not numbered, the next sweep tries again');
    return 'done';
  }
}
