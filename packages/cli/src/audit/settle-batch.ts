import type { StoredTile } from '@ironforge/audit-log';
import type { Finding } from './finding.ts';
import { grow, type GrowingTree, type Grown, isSame, rootOfTree } from './grow-tree.ts';
import type { Leaves } from './leaves.ts';

/** Entries up to a checkpoint: as their texts make the leaves, as the stored tree has them, and the root that was signed. */
export interface Batch {
  readonly tree: GrowingTree;
  readonly own: Leaves;
  readonly stored: Leaves;
  /** Null where no checkpoint can be believed. */
  readonly root: Uint8Array | null;
}

/** The tree with the leaves that were sealed, or as good as can be guessed, and which entries are others. */
export interface Settled {
  readonly tree: GrowingTree;
  /** None where nothing leads to the signed root. */
  readonly written: readonly StoredTile[];
  readonly findings: readonly Finding[];
  readonly isProved: boolean;
}

/** Finds out which leaves lead to the signed root: those of the texts, or those of the stored tree, which names the changed texts. */
export function settleBatch(batch: Batch): Settled {
  const { tree, own, stored, root } = batch;
  const byTexts = growWhole(tree, own);
  if (leadsTo(byTexts, root)) return { ...byTexts, findings: [], isProved: true };
  const byTree = growWhole(tree, stored);
  if (leadsTo(byTree, root)) return { ...byTree, findings: changedEntries(batch), isProved: true };
  const guessed = growWhole(
    tree,
    own.map((leaf, index) => leaf ?? stored[index] ?? null),
  );
  return { tree: guessed?.tree ?? tree, written: [], findings: [unprovable(batch)], isProved: false };
}

function growWhole(tree: GrowingTree, leaves: Leaves): Grown | null {
  const whole = leaves.filter((leaf) => leaf !== null);
  return whole.length === leaves.length ? grow(tree, whole) : null;
}

/** Without a signed root nothing speaks against these leaves; the next one will. */
function leadsTo(grown: Grown | null, root: Uint8Array | null): grown is Grown {
  return grown !== null && (root === null || isSame(rootOfTree(grown.tree), root));
}

function changedEntries({ tree, own, stored }: Batch): Finding[] {
  return own.flatMap((leaf, index) => {
    const sealed = stored[index] ?? null;
    if (leaf === null || sealed === null || isSame(leaf, sealed)) return [];
    const subject = `entry ${tree.size + index + 1}`;
    return [{ kind: 'entry_changed', subject, detail: 'its text is not the one that was sealed' }];
  });
}

function unprovable({ tree, own }: Batch): Finding {
  const subject = `entries ${tree.size + 1} to ${tree.size + own.length}`;
  return {
    kind: 'batch_unprovable',
    subject,
    detail:
      'neither texts nor tree lead to the root that was signed; what follows cannot be judged before a signed root that the stored tree leads to',
  };
}
