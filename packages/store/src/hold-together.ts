import type { Writable } from 'node:stream';

const held = new WeakSet<Writable>();

/** Lets all that is written before the program waits again go out at once: an opening, statements behind it and COMMIT. */
export function holdTogether(stream: Writable): void {
  if (held.has(stream)) return;
  held.add(stream);
  stream.cork();
  process.nextTick(() => {
    held.delete(stream);
    stream.uncork();
  });
}
