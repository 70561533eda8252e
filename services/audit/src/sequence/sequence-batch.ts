import { assert, type TenantId } from '@ironforge/kernel';
import type { Store, Tx } from '@ironforge/store';
import type { Entry } from '../entry/entry.ts';
import type { OwnEntries } from '../entry/own-entries.ts';
import {
  canonicalTextsAfter,
  insertEntries,
  type Numbering,
  numberEntries,
} from '../queries/audit-entries.ts';
import { claimSequencer, releaseSequencer, saveSequence } from '../queries/audit-sequencers.ts';
import { readyAtOnce, type ReadyEntry, readyEntries } from '../queries/ready-entries.ts';
import { keyTurn } from '../seal/key-turn.ts';
import type { LogSigners } from '../seal/log-signers.ts';
import { sealedEdge } from '../seal/sealed-edge.ts';
import { FENCED, numberAndSeal, seal, type Sealing } from './number-and-seal.ts';

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
    sealedEdge(tx, { tenantId, lease, signers: deps.signers }),
  ]);
  if (edge === 'changed') return await standBack(tx, { tenantId, lease }, edge);
  const told = turn.act === null ? [] : [await storeAtOnce(tx, await deps.makeEntry(turn.act))];
  const ready = [...told, ...waiting];
  const isFull = waiting.length === deps.batchSize;
  const keep = isFull ? saveSequence : releaseSequencer;
  const moved = await numberAndSeal(tx, { tenantId, lease, turn, ready, edge, write: giveNumbers, keep });
  return { state: isFull ? 'more' : 'done', numbered: ready, size: moved.sealed_size };
}

async function giveNumbers(tx: Tx, tenantId: TenantId, numberings: readonly Numbering[]): Promise<void> {
  const changed = await numberEntries(tx, tenantId, numberings);
  assert(changed === numberings.length, 'every entry of the batch got its number');
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
  return readyAtOnce(entry, 0);
}

/** Entries that had their numbers before there was a tree: nothing new is numbered until they are in it. */
async function sealLate(tx: Tx, deps: SequenceDeps, { tenantId, lease }: Sealing): Promise<BatchResult> {
  const page = { after: lease.sealed_size, limit: deps.batchSize };
  const [texts, edge] = await Promise.all([
    canonicalTextsAfter(tx, tenantId, page),
    sealedEdge(tx, { tenantId, lease, signers: deps.signers }),
  ]);
  if (edge === 'changed') return await standBack(tx, { tenantId, lease }, edge);
  assert(texts.length > 0, 'what has a number has a text');
  const signer = deps.signers.signerOf(tenantId);
  const { sealed_size: size } = seal(tx, { signers: [signer] }, { tenantId, lease, texts, edge });
  const moved = { ...lease, sealed_size: size, signing_key: lease.signing_key ?? signer.verifierKey };
  assert(await saveSequence(tx, tenantId, moved), FENCED);
  return { state: 'more', numbered: [], size };
}
