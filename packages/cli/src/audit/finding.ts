/** What can be wrong with a log; the subject of a finding says with which part. */
export type FindingKind =
  | 'log_missing'
  | 'entry_missing'
  | 'entry_changed'
  | 'entry_unsealed'
  | 'entry_not_pruned'
  | 'certificate_refused'
  | 'columns_differ'
  | 'version_missing'
  | 'version_repeated'
  | 'batch_unprovable'
  | 'tile_changed'
  | 'checkpoint_missing'
  | 'copy_differs'
  | 'copy_missing'
  | 'copy_refused'
  | 'checkpoint_forged'
  | 'history_rewritten';

/** One thing that is wrong, and with which entry, batch, tile or checkpoint. */
export interface Finding {
  readonly kind: FindingKind;
  /** `entry 7`, `entries 5 to 9`, `checkpoint 9`, or the path of a tile. */
  readonly subject: string;
  readonly detail: string;
}

/** Entries from one to another, as the subject of a finding. */
export function nameOfEntries(first: number, last: number): string {
  return first === last ? `entry ${first}` : `entries ${first} to ${last}`;
}
