import type { UserId } from '@ironforge/kernel';
import type { Event } from './event.ts';
import type { Depth, Status } from './status.ts';

/** What one observer last said, as somebody would note it down. */
export type Claim = {
  readonly version: number;
  readonly depth: Depth;
  readonly tx: { readonly kind: 'payment' | 'cancel' | 'stranger'; readonly success: boolean } | null;
};

/** A request as a clerk keeps it: what people said, whether a signature is known, and what the chain shows. */
export type Model = {
  /** The status while no signature is known. */
  life: Status;
  readonly approvedBy: Set<UserId>;
  isSigned: boolean;
  /** True once a node took the bytes or a block showed them. */
  wasOutThere: boolean;
  watch: Claim;
  slot: Claim;
  isFinal: boolean;
};

const NOTHING: Claim = { version: -1, depth: 'none', tx: null };

/** Before anything happened. */
export function newModel(): Model {
  const none = { isSigned: false, wasOutThere: false, isFinal: false };
  return { life: 'draft', approvedBy: new Set(), watch: NOTHING, slot: NOTHING, ...none };
}

/** The status that the clerk expects: what the chain shows, deepest first; else what is known of the signature; else life. */
export function expectedStatus(model: Model): Status {
  const { depth, tx } = prevailingClaim(model);
  if (tx !== null && tx.kind !== 'stranger') return isDeep(depth) ? endOf(tx) : 'broadcasted';
  if (!model.isSigned) return model.life;
  if (tx?.kind === 'stranger' && isDeep(depth)) return 'failed';
  return model.wasOutThere ? 'broadcasted' : 'signed';
}

/** Notes what an observer says; older words and those after the end are not listened to. */
export function hear(model: Model, observer: 'watch' | 'slot', claim: Claim): void {
  if (model.isFinal || claim.version <= model[observer].version) return;
  model[observer] =
    claim.tx === null || claim.depth === 'none' ? { ...NOTHING, version: claim.version } : claim;
  const { tx, depth } = prevailingClaim(model);
  if (tx === null) return;
  if (tx.kind !== 'stranger') model.isSigned = true;
  // What ended comes back as broadcasted, also when a stranger had ended it before it was sent.
  if (model.isSigned && (tx.kind !== 'stranger' || isDeep(depth))) model.wasOutThere = true;
  if (depth === 'finalized' && model.isSigned) model.isFinal = true;
  if (depth === 'finalized' && !model.isSigned) model.watch = model.slot = NOTHING;
}

/** Notes what the machine said has happened to it by people, time, signers and nodes. */
export function note(model: Model, event: Event): void {
  const life = LIFE[event.type];
  if (life !== undefined && !model.isSigned) model.life = life;
  if (event.type === 'signed') model.isSigned = true;
  if (event.type === 'broadcasted') model.wasOutThere = true;
}

const LIFE: Partial<Record<Event['type'], Status>> = {
  submitted: 'pending_approval',
  quorum_lost: 'pending_approval',
  approved: 'approved',
  rejected: 'rejected',
  expired: 'expired',
  cancelled: 'cancelled',
};

const RANK: Readonly<Record<Depth, number>> = { none: 0, included: 1, confirmed: 2, finalized: 3 };

function prevailingClaim({ watch, slot }: Model): Claim {
  return RANK[slot.depth] > RANK[watch.depth] ? slot : watch;
}

function isDeep(depth: Depth): boolean {
  return RANK[depth] >= RANK.confirmed;
}

function endOf({ kind, success }: NonNullable<Claim['tx']>): Status {
  if (kind === 'cancel') return 'cancelled';
  return success ? 'confirmed' : 'failed';
}
