import { once } from 'node:events';
import { connect as connectPlain, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { connect as connectEncrypted } from 'node:tls';
import { appError } from '@ironforge/contracts';
import type { AppError } from '@ironforge/kernel';
import type { PushTarget } from './targets.ts';

/** A connection to a receiver, which says nothing back: what is known is that the kernel took the bytes, and that it still stands. */
export interface Line {
  /** Connects anew, in the place of what was there. Throws `dependency_down`. */
  open(signal: AbortSignal): Promise<void>;
  /** Resolves once the kernel has taken all of it and the connection still stands. Throws `dependency_down`. */
  send(text: string, signal: AbortSignal): Promise<void>;
  close(): void;
}

/** Makes a line that is not open yet. */
export function createLine({ name, url, ca }: PushTarget): Line {
  let socket: Socket | null = null;
  return { open, send, close };

  async function open(signal: AbortSignal): Promise<void> {
    close();
    const { host, port, isEncrypted } = url;
    const opened = isEncrypted
      ? connectEncrypted({ host, port, ...(ca === undefined ? {} : { ca }) })
      : connectPlain({ host, port });
    // It has nothing to say; its end and its failures are what counts.
    opened.on('error', () => undefined).on('end', () => opened.destroy());
    opened.resume().setKeepAlive(true, KEEP_ALIVE_MS);
    socket = opened;
    await once(opened, isEncrypted ? 'secureConnect' : 'connect', { signal }).catch((cause: unknown) => {
      opened.destroy();
      throw lost(name, 'is not reached', cause);
    });
  }

  async function send(text: string, signal: AbortSignal): Promise<void> {
    const standing = socket;
    if (standing === null || standing.destroyed) throw lost(name, 'has gone');
    if (text !== '')
      await write(standing, text, signal).catch((cause: unknown) => {
        throw lost(name, 'has gone', cause);
      });
    // What the other side has said of its end by now is heard.
    await nextTurn();
    if (standing.destroyed) throw lost(name, 'has gone');
  }

  function close(): void {
    socket?.destroy();
    socket = null;
  }
}

const KEEP_ALIVE_MS = 10_000;

/** Whoever takes nothing until the time is over counts as gone. Rejects when the connection ends before all is taken. */
async function write(standing: Socket, text: string, signal: AbortSignal): Promise<void> {
  // One that was raised before is not raised again.
  signal.throwIfAborted();
  const giveUp = () => standing.destroy();
  signal.addEventListener('abort', giveUp, { once: true });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const onClose = () => reject(new Error('the connection was closed'));
  standing.once('close', onClose);
  standing.write(text, (error) => (error ? reject(error) : resolve()));
  await promise.finally(() => {
    signal.removeEventListener('abort', giveUp);
    standing.off('close', onClose);
  });
}

function lost(name: string, what: string, cause?: unknown): AppError {
  return appError('dependency_down', { detail: `the receiver ${name} ${what}`, cause });
}
