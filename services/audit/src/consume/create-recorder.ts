import { setTimeout as sleep } from 'node:timers/promises';
import { type Clock, hasCode, type TenantId } from '@ironforge/kernel';
import type { Store, Tx } from '@ironforge/store';
import type { Entry, OpenEntry } from '../entry/entry.ts';
import type { SealEntries } from '../personal/seal-whereabouts.ts';
import { prunedEvents } from '../queries/audit-pruned-entries.ts';
import { sendEntries } from '../queries/audit-entries.ts';
import { insertInbox } from '../queries/inbox.ts';

/** Where entries go. */
export interface RecorderDeps {
  readonly store: Store;
  readonly clock: Clock;
  /** What is personal in a batch is sealed by one call, before its transaction. */
  readonly seal: SealEntries;
  /** Told after the commit whose entries were stored. */
  readonly onRecorded: (tenantIds: readonly TenantId[]) => void;
}

/** Stores entries; resolves after the commit, rejects when the entry was not stored. */
export type RecordEntry = (entry: OpenEntry) => Promise<void>;

/**
 * Makes a recorder that stores the entries that come while it is busy together, in one transaction. When a batch
 * fails, each of its entries is stored alone, so that one bad entry stops no other.
 */
export function createRecorder(deps: RecorderDeps): RecordEntry {
  const waiting: Waiting[] = [];
  let isBusy = false;
  return (entry) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    waiting.push({ entry, resolve, reject });
    if (!isBusy) void drain();
    return promise;
  };

  async function drain(): Promise<void> {
    isBusy = true;
    try {
      while (waiting.length > 0) {
        if (waiting.length < MAX_BATCH) await sleep(GATHER_MS);
        await recordBatch(deps, waiting.splice(0, MAX_BATCH));
      }
    } finally {
      isBusy = false;
    }
  }
}

interface Waiting {
  readonly entry: OpenEntry;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

const MAX_BATCH = 200;
/** Events of one moment come one by one; so long they gather, so that one transaction stores them all. */
const GATHER_MS = 60;

/** The name in the inbox. */
const CONSUMER = 'audit';

async function recordBatch(deps: RecorderDeps, batch: readonly Waiting[]): Promise<void> {
  try {
    const entries = await deps.seal(batch.map(({ entry }) => entry));
    await storeEntries(deps, entries);
  } catch (error) {
    if (batch.length === 1 || hasCode(error, 'dependency_down'))
      return batch.forEach(({ reject }) => reject(error));
    for (const one of batch) await recordBatch(deps, [one]);
    return;
  }
  batch.forEach(({ resolve }) => resolve());
  deps.onRecorded([...new Set(batch.map(({ entry }) => entry.tenantId))]);
}

/** At READ COMMITTED: the unique keys of event and inbox decide. In one order, so that two processes never deadlock. */
async function storeEntries({ store, clock }: RecorderDeps, entries: readonly Entry[]): Promise<void> {
  const ordered = entries.toSorted((a, b) => (a.eventId < b.eventId ? -1 : 1));
  await store.system('audit_consumer').transaction(
    async (tx) => {
      insertInbox(tx, CONSUMER, ordered);
      const fresh = await notPruned(tx, ordered, clock());
      if (fresh.length === 0) return;
      sendEntries(tx, fresh);
    },
    { isolation: 'read committed' },
  );
}

/** No retention is shorter; an event that is younger is in no pruned entry, so that nobody need look. */
const SHORTEST_KEPT_MS = 30 * 86_400_000;

/** An event may come again after its entry was pruned: it becomes none a second time. */
async function notPruned(tx: Tx, entries: readonly Entry[], now: Date): Promise<readonly Entry[]> {
  const old = entries.filter(({ occurredAt }) => now.getTime() - occurredAt.getTime() > SHORTEST_KEPT_MS);
  const pruned = await prunedEvents(tx, old);
  return entries.filter(({ eventId }) => !pruned.has(eventId));
}
