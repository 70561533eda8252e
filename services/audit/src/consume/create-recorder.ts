import { setTimeout as sleep } from 'node:timers/promises';
import { type Clock, hasCode, type Logger, present, type TenantId } from '@ironforge/kernel';
import type { Tx } from '@ironforge/store';
import type { Entry, OpenEntry } from '../entry/entry.ts';
import type { SealEntries } from '../personal/seal-whereabouts.ts';
import { sendEntries } from '../queries/audit-entries.ts';
import { prunedEvents } from '../queries/audit-pruned-entries.ts';
import { claimSequencer } from '../queries/audit-sequencers.ts';
import { insertInbox } from '../queries/inbox.ts';
import { type Arrival, numberOnArrival } from '../sequence/number-on-arrival.ts';
import type { SequenceDeps } from '../sequence/sequence-batch.ts';

/** Where entries go. */
export interface RecorderDeps extends Pick<SequenceDeps, 'store' | 'holder' | 'leaseMs' | 'signers'> {
  readonly clock: Clock;
  readonly log: Logger;
  /** What is personal in a batch is sealed by one call, before its transaction. */
  readonly seal: SealEntries;
  /** Told after the commit whose entries were stored, and what became of them. */
  readonly onRecorded: (tenantId: TenantId, arrival: Arrival) => void;
}

/** Stores entries; resolves after the commit, rejects when the entry was not stored. */
export type RecordEntry = (entry: OpenEntry) => Promise<void>;

/**
 * Makes a recorder that stores the entries that come while it is busy together, those of a tenant in one transaction, with their numbers where
 * they wait for nothing. A batch that fails is stored by halves, so that one bad entry stops no other.
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

/** Each entry hears for itself. */
async function recordBatch(deps: RecorderDeps, batch: readonly Waiting[]): Promise<void> {
  let entries: readonly Entry[];
  try {
    entries = await deps.seal(batch.map(({ entry }) => entry));
  } catch (error) {
    return await inHalves(batch, error, (half) => recordBatch(deps, half));
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
  const entries = batch.map(({ entry }) => entry);
  let arrival: Arrival;
  try {
    arrival = await storeNumbered(deps, tenantId, entries).catch(async (err: unknown) => {
      deps.log.warn(
        { tenantId, err },
        'entries could not be stored with their numbers: tried without, which the sequencer gives then',
      );
      return await storeAsTheyAre(deps, tenantId, entries);
    });
  } catch (error) {
    return await inHalves(batch, error, (half) => recordFor(deps, tenantId, half));
  }
  batch.forEach(({ resolve }) => resolve());
  deps.onRecorded(tenantId, arrival);
}

/** What could not be done for all is tried for either half, unless what it needs is away. */
async function inHalves<T extends Pick<Waiting, 'reject'>>(
  batch: readonly T[],
  error: unknown,
  doHalf: (half: readonly T[]) => Promise<void>,
): Promise<void> {
  if (batch.length === 1 || hasCode(error, 'dependency_down'))
    return batch.forEach(({ reject }) => reject(error));
  const middle = Math.ceil(batch.length / 2);
  await doHalf(batch.slice(0, middle));
  await doHalf(batch.slice(middle));
}

/**
 * Stores entries with their numbers where they wait for nothing. The sequencer's row is locked first, so that what is found is so until
 * COMMIT; whoever else has it is not waited for long.
 */
async function storeNumbered(
  deps: RecorderDeps,
  tenantId: TenantId,
  entries: readonly Entry[],
): Promise<Arrival> {
  return await deps.store.forTenant(tenantId).transaction(async (tx) => {
    tx.send(tx.raw(WAIT_A_LITTLE));
    const lease = await claimSequencer(tx, tenantId, deps);
    const fresh = await takeIn(deps, tx, entries);
    const arrival =
      lease === undefined
        ? leftOf(fresh)
        : await numberOnArrival(tx, deps, { tenantId, lease, entries: fresh });
    sendEntries(tx, arrival.left);
    return arrival;
  }, READ_COMMITTED);
}

/** Stores entries without their numbers, and so does what asks for nobody's row; what is there already stays as it is. */
async function storeAsTheyAre(
  deps: RecorderDeps,
  tenantId: TenantId,
  entries: readonly Entry[],
): Promise<Arrival> {
  return await deps.store.forTenant(tenantId).transaction(async (tx) => {
    const fresh = await takeIn(deps, tx, entries);
    sendEntries(tx, fresh);
    return leftOf(fresh);
  }, READ_COMMITTED);
}

/** More than a batch of the sequencer takes; less than a person notices. */
const WAIT_A_LITTLE = `SET LOCAL lock_timeout = '1s'`;
/** The unique keys of event and inbox decide. */
const READ_COMMITTED = { isolation: 'read committed' } as const;

/** Notes them in the inbox, in one order, so that of two processes which were given the same events one waits here. */
async function takeIn(deps: RecorderDeps, tx: Tx, entries: readonly Entry[]): Promise<readonly Entry[]> {
  const ordered = entries.toSorted((a, b) => (a.eventId < b.eventId ? -1 : 1));
  insertInbox(tx, CONSUMER, ordered);
  return await notPruned(tx, ordered, deps.clock());
}

function leftOf(entries: readonly Entry[]): Arrival {
  return { numbered: [], size: null, left: entries };
}

/** No retention is shorter; an event that is younger is in no pruned entry, so that nobody need look. */
const SHORTEST_KEPT_MS = 30 * 86_400_000;

/** An event may come again after its entry was pruned: it becomes none a second time. */
async function notPruned(tx: Tx, entries: readonly Entry[], now: Date): Promise<readonly Entry[]> {
  const old = entries.filter(({ occurredAt }) => now.getTime() - occurredAt.getTime() > SHORTEST_KEPT_MS);
  const pruned = await prunedEvents(tx, old);
  return entries.filter(({ eventId }) => !pruned.has(eventId));
}
