import { type AttemptId, present } from '@ironforge/kernel';
import type { CommandOf, MinedTx } from './command.ts';
import type { Event, EventOf, Seen } from './event.ts';
import { evolve } from './evolve.ts';
import { accept, type Outcome, refuse } from './outcome.ts';
import { isUndone, type MinedAttempt, prevailing, rank, type Sighting, sightingOf } from './sighting.ts';
import { type Attempt, attemptOf, type TxRequest, wasSigned } from './state.ts';
import { DEPTHS, type Depth } from './status.ts';

/** The watch over the hashes that we sent tells all it sees. */
export function observe(command: CommandOf<'observe'>, state: TxRequest): Outcome {
  const { version, depth, winner } = command;
  if (winner !== null && !attemptOf(state, winner.attemptId)) return refuse('unknown_attempt');
  const mined = winner && minedAttempt(winner.attemptId, winner);
  return see(state, { observer: 'watch', sighting: sightingOf(version, depth, mined) });
}

/**
 * A mined transaction on our nonce has the effect of one of our attempts, so it is taken as ours: the signer
 * broadcast by himself. What we sent ourselves is left to the watch.
 */
export function adopt(command: CommandOf<'adopt'>, state: TxRequest): Outcome {
  const matched = attemptOf(state, command.attemptId);
  if (matched === undefined) return refuse('unknown_attempt');
  if (command.nonce !== state.boundNonce) return refuse('illegal_transition');
  const known = state.attempts.find((attempt) => attempt.txHash === command.tx.txHash);
  if (known?.dispatched) return unspend({ ...command, type: 'unspend' }, state);
  const attempt = known ?? adoptedAttempt(command, matched);
  const { version, depth, tx } = command;
  const seen: Seen = {
    observer: 'slot',
    sighting: sightingOf(version, depth, minedAttempt(attempt.id, tx)),
  };
  return known ? see(state, seen) : see(state, seen, { type: 'adopted', attempt, seen });
}

/** The nonce was spent by something that is no attempt of this request. */
export function spendOutside(command: CommandOf<'spendOutside'>, state: TxRequest): Outcome {
  const { version, depth, nonce } = command;
  if (nonce !== state.boundNonce) return refuse('illegal_transition');
  return see(state, { observer: 'slot', sighting: sightingOf(version, depth, { by: 'outside' }) });
}

/** What had spent the nonce outside our watch is gone; the order of such news is kept by the slot's own version. */
export function unspend(command: CommandOf<'unspend'>, state: TxRequest): Outcome {
  if (state.sightings.slot.winner === null) return accept();
  if (command.nonce !== state.boundNonce) return refuse('illegal_transition');
  return see(state, { observer: 'slot', sighting: sightingOf(command.version, 'none', null) });
}

function minedAttempt(attemptId: AttemptId, tx: MinedTx): MinedAttempt {
  const { txHash, blockHeight, blockHash, success } = tx;
  return { by: 'attempt', attemptId, txHash, blockHeight, blockHash, success };
}

function adoptedAttempt(command: CommandOf<'adopt'>, matched: Attempt): Attempt {
  const { txHash } = command.tx;
  if (matched.txHash === null) return { ...matched, state: 'sent', txHash };
  const { newAttemptId: id } = command;
  return { ...matched, id, state: 'sent', leaseId: null, txHash, bytesStored: false, dispatched: false };
}

function see(state: TxRequest, seen: Seen, adopted?: EventOf<'adopted'>): Outcome {
  if (state.finalized) return refuse('already_final');
  if (state.boundNonce === null) return refuse('illegal_transition');
  if (isNoNews(state, seen)) return accept();
  const first: Event = adopted ?? { type: 'observed', seen };
  const events = consequences(state, evolve(state, first), seen);
  const isTold = adopted === undefined && events.length > 0;
  return isTold ? accept(...events) : accept(first, ...events);
}

function isNoNews(state: TxRequest, { observer, sighting }: Seen): boolean {
  return sighting.version <= state.sightings[observer].version;
}

function consequences(before: TxRequest, after: TxRequest, seen: Seen): readonly Event[] {
  const old = prevailing(before.sightings);
  const now = prevailing(after.sightings);
  if (!isUndone(old, now)) return climb(after, old.depth, seen);
  const undone: readonly Event[] = hadEffect(before, old) ? [{ type: 'reorged', seen }] : [];
  return [...undone, ...climb(after, 'none', seen)];
}

function hadEffect(state: TxRequest, old: Sighting): boolean {
  return old.winner?.by === 'attempt' || state.reason === 'replaced_outside';
}

/** One event for each depth that was passed. */
function climb(state: TxRequest, from: Depth, seen: Seen): readonly Event[] {
  const { winner, depth } = prevailing(state.sightings);
  if (winner === null) return [];
  const passed = DEPTHS.filter((one) => rank(from) < rank(one) && rank(one) <= rank(depth));
  return passed.flatMap((one) => eventAt(one, winner, { state, seen }) ?? []);
}

type Winner = NonNullable<Sighting['winner']>;
type Context = { readonly state: TxRequest; readonly seen: Seen };

function eventAt(depth: Depth, winner: Winner, context: Context): Event | null {
  if (winner.by === 'outside') return eventOfOutside(depth, context);
  const { seen } = context;
  if (depth === 'confirmed') return endOf(winner, context);
  return { type: depth === 'finalized' ? 'finalized' : 'included', seen };
}

function eventOfOutside(depth: Depth, { state, seen }: Context): Event | null {
  const isSigned = wasSigned(state);
  if (depth === 'finalized') return { type: isSigned ? 'finalized' : 'nonce_released', seen };
  return depth === 'confirmed' && isSigned ? { type: 'failed', reason: 'replaced_outside', seen } : null;
}

function endOf(winner: MinedAttempt, { state, seen }: Context): Event {
  const attempt = present(attemptOf(state, winner.attemptId), 'the attempt that won');
  if (attempt.kind === 'cancel') return { type: 'cancelled', reason: 'cancelled_on_chain', seen };
  return winner.success ? { type: 'confirmed', seen } : { type: 'failed', reason: 'reverted', seen };
}
