import { setTimeout as sleep } from 'node:timers/promises';
import { type Clock, hasCode, present, type TenantId } from '@ironforge/kernel';
import type { Tx } from '@ironforge/store';
import type { Entry, OpenEntry } from '../entry/entry.ts';
import type { SealEntries } from '../personal/seal-whereabouts.ts';
import { sendEntries } from '../queries/audit-entries.ts';
import { prunedEvents } from '../queries/audit-pruned-entries.ts';
import { claimFreeSequencer } from '../queries/audit-sequencers.ts';
import { insertInbox } from '../queries/inbox.ts';
import { type Arrival, numberOnArrival } from '../sequence/number-on-arrival.ts';
import type { SequenceDeps } from '../sequence/sequence-batch.ts';

/** Where entries go. */
export interface RecorderDeps extends Pick<SequenceDeps, 'store' | 'holder' | 'leaseMs' | 'signers'> {
  readonly clock: Clock;
  /** What is personal in a batch is sealed by one call, before its transaction. */
  readonly seal: SealEntries;
  /** Told after the commit whose entries were stored, and what became of them. */
  readonly onRecorded: (tenantId: TenantId, arrival: Arrival) => void;
}

/** Stores entries; resolves after the commit, rejects when the entry was not stored. */
export type RecordEntry = (entry: OpenEntry) => Promise<void>;

/**
 * Makes a recorder that stores the entries that come while it is busy together, those of a tenant in one transaction, with their numbers where
 * they wait for nothing. When a batch fails, each of its entries is stored alone, so that one bad entry stops no other.
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

const MAX_BATCH = 1_000;
/** Events of one moment come one by one; so long they gather, so that one transaction stores, numbers and seals them all. */
const GATHER_MS = 120;
/** So many tenants' entries are stored at once. */
const TENANTS_AT_ONCE = 4;

/** The name in the inbox. */
const CONSUMER = 'audit';

/** Never rejects: each entry hears for itself. */
async function recordBatch(deps: RecorderDeps, batch: readonly Waiting[]): Promise<void> {
  let entries: readonly Entry[];
  try {
    entries = await deps.seal(batch.map(({ entry }) => entry));
  } catch (error) {
    return await eachAlone(batch, error, (one) => recordBatch(deps, [one]));
  }
  const sealed = batch.map((one, index) => ({ ...one, entry: present(entries[index], 'a sealed entry') }));
  const next = [...Map.groupBy(sealed, ({ entry }) => entry.tenantId)].values();
  const work = async () => {
    for (const [tenantId, ofTenant] of next) await recordFor(deps, tenantId, ofTenant);
  };
  await Promise.all(Array.from({ length: TENANTS_AT_ONCE }, work));
}

/** An entry that can be stored, and who waits for it. */
interface Sealed extends Omit<Waiting, 'entry'> {
  readonly entry: Entry;
}

async function recordFor(deps: RecorderDeps, tenantId: TenantId, batch: readonly Sealed[]): Promise<void> {
  let arrival: Arrival;
  try {
    arrival = await storeEntries(
      deps,
      tenantId,
      batch.map(({ entry }) => entry),
    );
  } catch (error) {
    return await eachAlone(batch, error, (one) => recordFor(deps, tenantId, [one]));
  }
  batch.forEach(({ resolve }) => resolve());
  deps.onRecorded(tenantId, arrival);
}

/** What could not be done for all is tried for each, unless what it needs is away. */
async function eachAlone<T extends Pick<Waiting, 'reject'>>(
  batch: readonly T[],
  error: unknown,
  doAlone: (one: T) => Promise<void>,
): Promise<void> {
  if (batch.length === 1 || hasCode(error, 'dependency_down'))
    return batch.forEach(({ reject }) => reject(error));
  for (const one of batch) await doAlone(one);
}

/**
 * At READ COMMITTED: the unique keys of event and inbox decide. The sequencer's row is locked first, or nothing is numbered while
 * somebody else has it; then all is written in one order, so that two processes never deadlock.
 */
async function storeEntries(
  deps: RecorderDeps,
  tenantId: TenantId,
  entries: readonly Entry[],
): Promise<Arrival> {
  const ordered = entries.toSorted((a, b) => (a.eventId < b.eventId ? -1 : 1));
  return await deps.store.forTenant(tenantId).transaction(
    async (tx) => {
      const lease = await claimFreeSequencer(tx, tenantId, deps);
      insertInbox(tx, CONSUMER, ordered);
      const fresh = await notPruned(tx, ordered, deps.clock());
      if (lease === undefined) {
        sendEntries(tx, fresh);
        return { numbered: [], size: 0n, left: fresh };
      }
      const arrival = await numberOnArrival(tx, deps, { tenantId, lease, entries: fresh });
      sendEntries(tx, arrival.left);
      return arrival;
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
