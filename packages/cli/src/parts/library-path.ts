import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** LD_LIBRARY_PATH for programs unpacked from Debian packages into a folder: its multiarch library folders. */
export function libraryPath(folder: string): string {
  const parents = [join(folder, 'usr/lib'), join(folder, 'lib')].filter(existsSync);
  const folders = parents.flatMap((parent) =>
    readdirSync(parent)
      .filter((name) => name.endsWith('-linux-gnu'))
      .map((name) => join(parent, name)),
  );
  return folders.join(':');
}
