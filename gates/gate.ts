import type { Tree } from './tree.ts';

/** One thing that a gate refuses, told so that the reader can mend it; `line` counts from 1 and is null for a whole file. */
export interface Finding {
  readonly file: string;
  readonly line: number | null;
  readonly what: string;
  readonly fix: string;
}

/** One rule of the code base, held by a program. */
export interface Gate {
  readonly name: string;
  readonly find: (tree: Tree) => readonly Finding[] | Promise<readonly Finding[]>;
}
