import { createHash } from 'node:crypto';
import { mkdirSync, statSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { Home } from '../home.ts';
import { hasSystemCode } from '../json-file.ts';

/** The right to be the one process that works on a folder, such as the supervisor of an installation. */
export interface Hold {
  readonly release: () => Promise<void>;
}

/** Takes a folder, that of an installation or any other, for this process; null when a living process has it. */
export function holdHome(home: Pick<Home, 'dir'>): Promise<Hold | null> {
  const server = createServer((socket) => socket.destroy());
  return new Promise((resolve, reject) => {
    server.once('error', (error) => (hasSystemCode(error, 'EADDRINUSE') ? resolve(null) : reject(error)));
    server.listen({ path: addressOf(home) }, () => {
      server.unref();
      resolve({ release: () => new Promise((released) => server.close(() => released())) });
    });
  });
}

/** True while a living supervisor has the installation. */
export function isHeld(home: Home): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ path: addressOf(home) });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

// A socket in Linux's abstract namespace (unix(7)): the kernel frees it with the process, however that ends, and the
// folder's device and inode name it, so that every path to the folder means the same installation.
function addressOf(home: Pick<Home, 'dir'>): string {
  mkdirSync(home.dir, { recursive: true, mode: 0o700 });
  const { dev, ino } = statSync(home.dir);
  return `\0ironforge-${createHash('sha256').update(`${dev}/${ino}`).digest('hex').slice(0, 32)}`;
}
