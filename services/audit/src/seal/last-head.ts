import type { LogSigner, TreeHead } from '@ironforge/audit-log';

/** A head, and the signed note that says it. */
export interface NotedHead {
  readonly note: string;
  readonly head: TreeHead;
}

/** What each signer signed last in this process: the next batch grows from it, and a curve is slower than a comparison. */
const lastHeads = new WeakMap<LogSigner, NotedHead>();

/** Keeps what a signer has just signed, whether or not it is stored in the end: that it was signed stays true. */
export function keepLastHead(signer: LogSigner, signed: NotedHead): void {
  lastHeads.set(signer, signed);
}

/** The head in a note when it is, to the letter, the last that this signer signed here; null for any other. */
export function lastHeadIn(signer: LogSigner, note: string): TreeHead | null {
  const last = lastHeads.get(signer);
  return last?.note === note ? last.head : null;
}
