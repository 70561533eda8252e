/**
 * Why an answer of the server's is not believed.
 * malformed: not what the protocol says, for example a hash that is too short. other_server: not the one that the kept state is
 * of. older_state: the server knows less than it once proved. forked: it shows another transaction where ours is. inconsistent:
 * its proof does not lead from one state to the other. not_included: what it shows is not in the transaction it names.
 * bad_signature: the state is not signed by the pinned key. other_value: a key holds something else already.
 */
export type RefusalReason =
  | 'malformed'
  | 'other_server'
  | 'older_state'
  | 'forked'
  | 'inconsistent'
  | 'not_included'
  | 'bad_signature'
  | 'other_value';

/** An answer that is not believed; `detail` says in words what was wrong with it. */
export interface Refusal {
  readonly reason: RefusalReason;
  readonly detail: string;
}

/** An answer that is not believed, as it stands in the place of what was asked for. */
export interface Refused {
  readonly refused: Refusal;
}

/** What was asked for and proved, or why it is not believed. */
export type Answer<T> = { readonly verified: T } | Refused;

/** An answer that is not believed. */
export function refused(reason: RefusalReason, detail: string): Refused {
  return { refused: { reason, detail } };
}
