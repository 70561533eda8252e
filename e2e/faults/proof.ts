import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { present } from '../world/present.ts';

/** That a known bug was put in, and what named it. */
export interface Proof {
  readonly bug: string;
  /** The number of a promise, or the name of a test. */
  readonly caughtBy: string;
  /** The words in which it was named. */
  readonly what: string;
}

/** Writes a proof where `./ironforge test` looks for it. */
export function fileProof(proof: Proof): void {
  const home = present(process.env['IRONFORGE_HOME'], 'IRONFORGE_HOME');
  appendFileSync(join(home, 'known-bugs.jsonl'), `${JSON.stringify(proof)}\n`);
}
