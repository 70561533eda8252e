import { consistencyProof, formatAddCheckpoint, tilesForConsistency } from '@ironforge/audit-log';
import type { TenantId } from '@ironforge/kernel';
import type { Scope, Store } from '@ironforge/store';
import { findNewestCheckpoint } from '../queries/audit-checkpoints.ts';
import { insertCosignature } from '../queries/audit-cosignatures.ts';
import { findTiles } from '../queries/audit-tiles.ts';
import { advanceWitness, claimWitnessTurn } from '../queries/audit-witness-turns.ts';
import { askWitness, type WitnessReply } from './ask-witness.ts';
import { cosignatureLine } from './cosignature-line.ts';
import type { Witness } from './witness.ts';

/** What a turn stands on. */
export interface TurnDeps {
  readonly store: Store;
  /** So long nobody asks the same witness about the same log again. */
  readonly paceMs: number;
  /** All that a turn asks must be answered by then; at most the pace. */
  readonly deadlineMs: number;
  readonly stop: AbortSignal;
}

/** Whom is asked, about whose log. */
export interface Followed {
  readonly witness: Witness;
  readonly tenantId: TenantId;
}

/**
 * What became of a turn. `forked`: the witness saw more of this log than there is, or something else. `refused`: it answered
 * what is no cosignature; `away`: it did not answer. `passed`: there was nothing to ask, or another process does.
 */
export type TurnOutcome =
  | { readonly state: 'passed' }
  | { readonly state: 'cosigned'; readonly size: number }
  | { readonly state: 'forked'; readonly size: number; readonly witnessSize: number }
  | { readonly state: 'refused' | 'away'; readonly why: string };

/** Asks a witness once to cosign the newest checkpoint of a log, and again when it goes on from another size than we thought. */
export async function takeTurn(deps: TurnDeps, followed: Followed): Promise<TurnOutcome> {
  const scope = deps.store.forTenant(followed.tenantId);
  const signal = AbortSignal.any([deps.stop, AbortSignal.timeout(deps.deadlineMs)]);
  const head = await claim(scope, deps, followed);
  if (head === null) return { state: 'passed' };
  const turn = { ...followed, scope, head, signal };
  const from = Math.min(head.cosignedSize, head.size);
  const first = await ask(turn, from);
  if (!('hasSize' in first) || first.hasSize === from || first.hasSize > head.size)
    return await settle(turn, { from, reply: first });
  return await settle(turn, { from: first.hasSize, reply: await ask(turn, first.hasSize) });
}

interface Head {
  readonly size: number;
  readonly note: string;
  readonly cosignedSize: number;
}

interface Turn extends Followed {
  readonly scope: Scope;
  readonly head: Head;
  readonly signal: AbortSignal;
}

async function claim(
  scope: Scope,
  { paceMs }: TurnDeps,
  { tenantId, witness }: Followed,
): Promise<Head | null> {
  return await scope.transaction(
    async (tx) => {
      const turn = await claimWitnessTurn(tx, tenantId, { witness: witness.key.name, paceMs });
      const newest = turn === undefined ? undefined : await findNewestCheckpoint(tx, tenantId);
      if (turn === undefined || newest === undefined) return null;
      return { size: Number(newest.size), note: newest.note, cosignedSize: Number(turn.cosigned_size) };
    },
    { isolation: 'read committed' },
  );
}

type Reply = WitnessReply | { readonly away: string };

async function ask({ scope, tenantId, witness, head, signal }: Turn, oldSize: number): Promise<Reply> {
  const growth = { oldSize, newSize: head.size };
  const tiles = await scope.read((tx) => findTiles(tx, tenantId, tilesForConsistency(growth)));
  const hashes = consistencyProof(growth, tiles);
  const body = formatAddCheckpoint({ oldSize, hashes, checkpoint: head.note });
  try {
    return await askWitness(witness.url, body, signal);
  } catch (error) {
    return { away: reasonOf(error) };
  }
}

/** The fault below is the one that tells: refused, no such host, wrong certificate. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

interface Replied {
  readonly from: number;
  readonly reply: Reply;
}

async function settle(turn: Turn, { from, reply }: Replied): Promise<TurnOutcome> {
  if ('signatures' in reply) return await keep(turn, reply.signatures);
  if ('hasSize' in reply) return await settleConflict(turn, from, reply.hasSize);
  if ('away' in reply) return { state: 'away', why: reply.away };
  const { status } = reply;
  if (status === 422 && from > 0) return { state: 'forked', size: turn.head.size, witnessSize: from };
  return { state: status >= 500 ? 'away' : 'refused', why: `HTTP ${status}` };
}

/** A process that stood still between its look and its question may have been overtaken by another: that is no fork. */
async function settleConflict(turn: Turn, from: number, witnessSize: number): Promise<TurnOutcome> {
  const { scope, tenantId, head } = turn;
  if (witnessSize <= head.size) {
    if (witnessSize === from && from === head.size) return { state: 'forked', size: head.size, witnessSize };
    return { state: 'refused', why: `it has size ${witnessSize}, and goes not on from there` };
  }
  const newest = await scope.read((tx) => findNewestCheckpoint(tx, tenantId));
  const size = Number(newest?.size ?? 0);
  return size >= witnessSize ? { state: 'passed' } : { state: 'forked', size, witnessSize };
}

async function keep({ scope, tenantId, witness: { key }, head }: Turn, answer: string): Promise<TurnOutcome> {
  const { note, size } = head;
  const line = cosignatureLine(note, answer, key);
  if (line === null)
    return { state: 'refused', why: 'what it signed is not this checkpoint, or not by its key' };
  await scope.transaction(
    async (tx) => {
      await advanceWitness(tx, tenantId, { witness: key.name, size });
      await insertCosignature(tx, tenantId, { witness: key.name, size, line });
    },
    { isolation: 'read committed' },
  );
  return { state: 'cosigned', size };
}
