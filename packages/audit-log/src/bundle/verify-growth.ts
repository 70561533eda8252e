import type { Checkpoint } from '../note/checkpoint.ts';
import { verifyConsistency, verifyWithoutOldRoot } from '../proof/verify-consistency.ts';
import type { Bundle, GrowthProof } from './bundle.ts';
import { type Head, type Trust, verifyHead } from './trust.ts';
import type { Part, ProvedGrowth } from './verdict.ts';

/** Checks that the tree of a checkpoint goes on from the one that was kept; without a kept one, what can be checked. Never throws. */
export function verifyGrowth(growth: Bundle['growth'], head: Head, trust: Trust): Part<ProvedGrowth> {
  if (growth !== null && 'rejected' in growth) return growth;
  const { checkpoint } = head;
  if (growth !== null && growth.to !== checkpoint.size) return { rejected: 'other_new_size' };
  if (trust.since === null) return growth === null ? NOT_IN_BUNDLE : withoutOlder(growth, checkpoint);
  const older = verifyHead(trust.since, { ...trust, logKeys: keysOf(checkpoint.origin, trust) });
  if ('rejected' in older) return { rejected: 'older_checkpoint_refused' };
  return between(older.checkpoint, checkpoint, growth);
}

const NOT_IN_BUNDLE = { unproved: 'not_in_bundle' } as const;

function keysOf(origin: string, { logKeys }: Trust): Trust['logKeys'] {
  return logKeys.filter(({ name }) => name === origin);
}

function withoutOlder({ from, to, hashes }: GrowthProof, { root }: Checkpoint): Part<ProvedGrowth> {
  const claim = { oldSize: from, newSize: to, newRoot: root, proof: hashes };
  const verdict = verifyWithoutOldRoot(claim);
  return verdict === 'ok' ? { unproved: 'no_older_checkpoint' } : { rejected: verdict };
}

/** Between equal sizes nothing needs to be in the bundle. */
function between(older: Checkpoint, newer: Checkpoint, growth: GrowthProof | null): Part<ProvedGrowth> {
  if (growth === null && older.size < newer.size) return { rejected: 'no_consistency' };
  if (growth !== null && growth.from !== older.size) return { rejected: 'other_old_size' };
  const verdict = verifyConsistency({
    oldSize: older.size,
    oldRoot: older.root,
    newSize: newer.size,
    newRoot: newer.root,
    proof: growth?.hashes ?? [],
  });
  return verdict === 'ok' ? { proved: { from: older.size, to: newer.size } } : { rejected: verdict };
}
