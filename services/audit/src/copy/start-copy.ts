import type { Logger } from '@ironforge/kernel';
import type { Store } from '@ironforge/store';
import type { CopyTelemetry } from './copy-telemetry.ts';
import type { Ledger } from './copy-part.ts';
import { type Copier, type CopyPauses, createCopier } from './create-copier.ts';
import { type CopyWatchOptions, watchCopy } from './watch-copy.ts';

/** What the copy stands on. */
export interface CopyParts {
  readonly store: Store;
  readonly ledger: Ledger;
  readonly telemetry: CopyTelemetry;
  readonly log: Logger;
  /** This process, among those that copy. */
  readonly holder: string;
}

/** How patient the copy is. */
export interface CopyOptions extends CopyPauses, CopyWatchOptions {
  readonly leaseMs: number;
}

/** Starts the copier and the watch over it. Disposing stops the watch, then the copier. */
export function startCopy(parts: CopyParts, options: CopyOptions): Copier {
  const stack = new AsyncDisposableStack();
  const copier = stack.use(createCopier({ ...parts, leaseMs: options.leaseMs }, options));
  stack.use(watchCopy({ ...parts, database: parts.ledger.database, copier }, options));
  return { wake: copier.wake, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}
