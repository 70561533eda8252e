/** The promises that this program can check by looking; their texts stand in docs/faults.md. */
export const INVARIANTS = ['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I9', 'I10', 'I11', 'I12'] as const;
export type Invariant = (typeof INVARIANTS)[number];

/** One broken promise: which, of what, and what was seen. */
export interface Violation {
  readonly invariant: Invariant;
  /** Of the request, message, row or file that shows it. */
  readonly id: string;
  readonly what: string;
}

/** A violation in one line. */
export function told({ invariant, id, what }: Violation): string {
  return `${invariant} ${id}: ${what}`;
}
