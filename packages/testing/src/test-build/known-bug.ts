import type { Edit } from './edit.ts';

/** A bug that somebody once made, here put in on purpose; `caughtBy` names what must turn red. */
export interface KnownBug {
  readonly what: string;
  /** Where it is on while the oracle looks; null for one that a named test catches. */
  readonly service: string | null;
  /** A promise of the oracle and the words in which it is named as broken, or the test file and the name of a test in it. */
  readonly caughtBy:
    | { readonly invariant: string; readonly words: string }
    | { readonly file: string; readonly test: string };
  readonly edits: readonly Edit[];
}

/** A bug that the oracle names while a service has it. */
export function seen(
  what: string,
  { service, ...caughtBy }: { readonly service: string; readonly invariant: string; readonly words: string },
  ...edits: readonly Edit[]
): KnownBug {
  return { what, service, caughtBy, edits };
}

/** A bug that a named test catches. */
export function tested(
  what: string,
  caughtBy: { readonly file: string; readonly test: string },
  ...edits: readonly Edit[]
): KnownBug {
  return { what, service: null, caughtBy, edits };
}
