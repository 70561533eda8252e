import type { TenantId } from '@ironforge/kernel';
import type { Tx } from '@ironforge/store';
import type { Entry } from '../entry/entry.ts';
import { sendRelease } from '../queries/audit-sequencers.ts';
import { findKnown } from '../queries/known-entries.ts';
import { sendNumbered } from '../queries/numbered-entries.ts';
import { readyAtOnce, type ReadyEntry } from '../queries/ready-entries.ts';
import { type KeyTurn, keyTurn } from '../seal/key-turn.ts';
import { sealedEdge } from '../seal/sealed-edge.ts';
import { numberAndSeal, type Sealing } from './number-and-seal.ts';
import { readyOnArrival } from './ready-on-arrival.ts';
import type { SequenceDeps } from './sequence-batch.ts';

/** What becomes of entries that came. */
export interface Arrival {
  /** They are numbered and sealed. */
  readonly numbered: readonly ReadyEntry[];
  /** So many entries of the log are sealed then; null where nothing was looked at. */
  readonly size: bigint | null;
  /** They wait for others, or for the sequencer, and are stored without a number. */
  readonly left: readonly Entry[];
}

/** Entries that came, and the log that they are for. */
export interface Coming extends Sealing {
  readonly entries: readonly Entry[];
}

/**
 * Numbers and seals what waits for nothing in the transaction that stores it, so that its row is written once. What else there is to do about
 * a log (a key that follows another, a tree that was changed, entries that wait) is left to the sequencer, and so is what comes
 * behind that. What it writes travels with COMMIT.
 */
export async function numberOnArrival(
  tx: Tx,
  deps: Pick<SequenceDeps, 'signers'>,
  { tenantId, lease, entries }: Coming,
): Promise<Arrival> {
  const turn = await presentTurn(tx, deps, { tenantId, lease });
  const [known, edge] = await Promise.all([
    findKnown(tx, tenantId, entries),
    sealedEdge(tx, { tenantId, lease, signers: deps.signers }),
  ]);
  if (turn === null || edge === 'changed') {
    sendRelease(tx, tenantId, lease);
    return { numbered: [], size: lease.sealed_size, left: entries };
  }
  const { ready: coming, left } = readyOnArrival(entries, known);
  const ready = coming.map(({ entry, baseVersion }) => readyAtOnce(entry, baseVersion));
  const write = sendNumbered(coming.map(({ entry }) => entry));
  const moved = await numberAndSeal(tx, { tenantId, lease, turn, ready, edge, write, keep: release });
  return { numbered: ready, size: moved.sealed_size, left };
}

/** Null when something is to be said about the keys of the log first, and where what has a number is not in the tree yet. */
async function presentTurn(
  tx: Tx,
  { signers }: Pick<SequenceDeps, 'signers'>,
  { tenantId, lease }: Sealing,
): Promise<KeyTurn | null> {
  if (lease.sealed_size < lease.last_sequence) return null;
  const turn = await keyTurn(tx, signers, {
    tenantId,
    sealedSize: lease.sealed_size,
    lastKey: lease.signing_key,
  });
  return turn === 'retired' || turn.act !== null ? null : turn;
}

/** Its row is locked, so that the fence stands still until COMMIT. */
function release(tx: Tx, tenantId: TenantId, lease: Sealing['lease']): true {
  sendRelease(tx, tenantId, lease);
  return true;
}
