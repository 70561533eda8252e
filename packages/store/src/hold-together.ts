import type { Writable } from 'node:stream';

const held = new WeakSet<Writable>();

/**
 * Lets all that is written before the program waits again go out at once: an opening, statements behind it and COMMIT, also
 * where COMMIT is said a tick after the statements. True when a new piece begins, which is one round trip.
 */
export function holdTogether(stream: Writable): boolean {
  if (held.has(stream)) return false;
  held.add(stream);
  stream.cork();
  process.nextTick(() => queueMicrotask(() => process.nextTick(release, stream)));
  return true;
}

function release(stream: Writable): void {
  held.delete(stream);
  stream.uncork();
}
