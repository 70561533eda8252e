import type { TileMap } from '@ironforge/audit-log';
import { assert, type TenantId } from '@ironforge/kernel';
import type { Store, Tx } from '@ironforge/store';
import { canonicalText, placeOf } from '../entry/canonical.ts';
import { termsOfText } from '../entry/terms-of-text.ts';
import type { Entry } from '../entry/entry.ts';
import type { OwnEntries } from '../entry/own-entries.ts';
import { type AggregateVersion, advanceAggregates } from '../queries/audit-aggregates.ts';
import {
  canonicalTextsAfter,
  insertEntries,
  type Numbering,
  numberEntries,
} from '../queries/audit-entries.ts';
import { readyAtOnce, type ReadyEntry, readyEntries } from '../queries/ready-entries.ts';
import {
  claimSequencer,
  releaseSequencer,
  type SequencerLease,
  saveSequence,
} from '../queries/audit-sequencers.ts';
import { type KeyTurn, keyTurn } from '../seal/key-turn.ts';
import type { LogSigners } from '../seal/log-signers.ts';
import { sealEntries, type Unsealed } from '../seal/seal-entries.ts';
import { sealedEdge } from '../seal/sealed-edge.ts';

/** Who numbers, for how long a lease holds, how many entries a batch has at most, and by what the logs are signed. */
export interface SequenceDeps {
  readonly store: Store;
  /** This process, among those that number entries. */
  readonly holder: string;
  readonly leaseMs: number;
  readonly batchSize: number;
  readonly signers: LogSigners;
  /** Makes the entries about the keys of the log. */
  readonly makeEntry: OwnEntries['make'];
}

/**
 * `busy`: another process holds this tenant's lease. `retired`: the log has left our key. `changed`: the stored tree is not the one that
 * was signed, so nothing is added to it. `more`: there may be more to do at once.
 */
export type BatchResult =
  | { readonly state: 'busy' | 'retired' | 'changed' }
  | {
      readonly state: 'more' | 'done';
      readonly numbered: readonly ReadyEntry[];
      /** So many entries are sealed by now. */
      readonly size: bigint;
    };

/**
 * Numbers and seals the entries of one tenant whose turn has come. At READ COMMITTED: the row of the sequencer is locked
 * first, so batches of one tenant follow each other whoever makes them.
 */
export async function sequenceBatch(deps: SequenceDeps, tenantId: TenantId): Promise<BatchResult> {
  return deps.store.forTenant(tenantId).transaction((tx) => sequenceIn(tx, deps, tenantId), {
    isolation: 'read committed',
  });
}

async function sequenceIn(tx: Tx, deps: SequenceDeps, tenantId: TenantId): Promise<BatchResult> {
  const lease = await claimSequencer(tx, tenantId, deps);
  if (lease === undefined) return { state: 'busy' };
  if (lease.sealed_size < lease.last_sequence) return await sealLate(tx, deps, { tenantId, lease });
  const log = { tenantId, sealedSize: lease.sealed_size, lastKey: lease.signing_key };
  const turn = await keyTurn(tx, deps.signers, log);
  if (turn === 'retired') return await standBack(tx, { tenantId, lease }, turn);
  const [waiting, edge] = await Promise.all([
    readyEntries(tx, tenantId, deps.batchSize),
    edgeOf(tx, deps, { tenantId, lease }),
  ]);
  if (edge === 'changed') return await standBack(tx, { tenantId, lease }, edge);
  const told = turn.act === null ? [] : [await storeAtOnce(tx, await deps.makeEntry(turn.act))];
  const ready = [...told, ...waiting];
  const isFull = waiting.length === deps.batchSize;
  const keep = isFull ? saveSequence : releaseSequencer;
  const moved = await numberAndSeal(tx, { tenantId, lease, turn, ready, edge, keep });
  return { state: isFull ? 'more' : 'done', numbered: ready, size: moved.sealed_size };
}

async function edgeOf(tx: Tx, { signers }: SequenceDeps, { tenantId, lease }: Sealing) {
  const { sealed_size: size, signing_key: lastKey } = lease;
  return await sealedEdge(tx, { tenantId, signers, size: Number(size), lastKey });
}

async function standBack(
  tx: Tx,
  { tenantId, lease }: Sealing,
  state: 'retired' | 'changed',
): Promise<BatchResult> {
  assert(await releaseSequencer(tx, tenantId, lease), FENCED);
  return { state };
}

async function storeAtOnce(tx: Tx, entry: Entry): Promise<ReadyEntry> {
  await insertEntries(tx, [entry]);
  return readyAtOnce(entry);
}

interface Batch extends Sealing {
  readonly turn: KeyTurn;
  readonly ready: readonly ReadyEntry[];
  readonly edge: TileMap;
  /** What is done with the lease afterwards. */
  readonly keep: typeof saveSequence;
}

/** All that it writes is sent together. */
async function numberAndSeal(tx: Tx, batch: Batch): Promise<SequencerLease> {
  const { tenantId, lease, turn, ready, edge, keep } = batch;
  const numberings = numbered(ready, lease);
  const texts = numberings.map(({ canonical }) => canonical);
  const moved = texts.length === 0 ? lease : seal(tx, turn, { tenantId, lease, texts, edge });
  const [isKept] = await Promise.all([keep(tx, tenantId, moved), store(tx, tenantId, { ready, numberings })]);
  assert(isKept, FENCED);
  return moved;
}

const FENCED = 'the fence stands still while its row is locked';

interface Sealing {
  readonly tenantId: TenantId;
  readonly lease: SequencerLease;
}

/** Entries that had their numbers before there was a tree: nothing new is numbered until they are in it. */
async function sealLate(tx: Tx, deps: SequenceDeps, { tenantId, lease }: Sealing): Promise<BatchResult> {
  const page = { after: lease.sealed_size, limit: deps.batchSize };
  const [texts, edge] = await Promise.all([
    canonicalTextsAfter(tx, tenantId, page),
    edgeOf(tx, deps, { tenantId, lease }),
  ]);
  if (edge === 'changed') return await standBack(tx, { tenantId, lease }, edge);
  assert(texts.length > 0, 'what has a number has a text');
  const signer = deps.signers.signerOf(tenantId);
  const { sealed_size: size } = seal(tx, { signers: [signer] }, { tenantId, lease, texts, edge });
  const moved = { ...lease, sealed_size: size, signing_key: lease.signing_key ?? signer.verifierKey };
  assert(await saveSequence(tx, tenantId, moved), FENCED);
  return { state: 'more', numbered: [], size };
}

function seal(
  tx: Tx,
  { signers: [first, ...others] }: Pick<KeyTurn, 'signers'>,
  { tenantId, lease, texts, edge }: Sealing & Pick<Unsealed, 'texts' | 'edge'>,
): SequencerLease {
  const signers = [first.signer, ...others.map(({ signer }) => signer)] as const;
  const size = BigInt(sealEntries(tx, signers, { tenantId, size: Number(lease.sealed_size), texts, edge }));
  return { ...lease, last_sequence: size, sealed_size: size, signing_key: first.verifierKey };
}

interface Numbered {
  readonly ready: readonly ReadyEntry[];
  readonly numberings: readonly Numbering[];
}

async function store(tx: Tx, tenantId: TenantId, { ready, numberings }: Numbered): Promise<void> {
  if (ready.length === 0) return;
  const advanced = lastVersions(ready);
  if (advanced.length > 0) advanceAggregates(tx, tenantId, advanced);
  const changed = await numberEntries(tx, tenantId, numberings);
  assert(changed === ready.length, 'every entry of the batch got its number');
}

function numbered(ready: readonly ReadyEntry[], lease: SequencerLease): Numbering[] {
  return ready.map((row, index) => {
    const sequence = Number(lease.last_sequence) + index + 1;
    const canonical = canonicalOf(row, sequence);
    return { id: row.id, sequence, canonical, terms: termsOfText(canonical) };
  });
}

function canonicalOf(row: ReadyEntry, sequence: number): string {
  return canonicalText({
    id: row.id,
    tenantId: row.tenant_id,
    sequence,
    eventId: row.event_id,
    aggregate: placeOf(row),
    type: row.type,
    resourceType: row.resource_type,
    resourceId: row.resource_id,
    action: row.action,
    status: row.status,
    actor: { type: row.actor_type, id: row.actor_id },
    authority: row.authority,
    requestId: row.request_id,
    chainId: row.chain_id,
    txHash: row.tx_hash,
    occurredAt: row.occurred_at.toISOString(),
    details: row.details,
    personal: row.personal,
  });
}

/** Versions come in ascending order, so the last one of each aggregate stays in the map. */
function lastVersions(ready: readonly ReadyEntry[]): AggregateVersion[] {
  const ordered = ready.filter((row) => row.aggregate_version > row.base_version);
  const last = new Map(ordered.map((row) => [row.aggregate, row.aggregate_version]));
  return [...last].map(([aggregate, version]) => ({ aggregate, version }));
}
