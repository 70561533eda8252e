import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Writes a file of mode 0600 that is on the disk when this returns; a reader finds the old text or the new one. */
export function replaceFile(file: string, text: string): void {
  const draft = `${file}.${process.pid}.new`;
  writeWhole(draft, text, 'w');
  renameSync(draft, file);
  sync(dirname(file));
}

/** The same for a file that must not be there yet. Throws EEXIST, and leaves no half of it. */
export function writeNewFile(file: string, text: string): void {
  writeWhole(file, text, 'wx');
  sync(dirname(file));
}

function writeWhole(file: string, text: string, flag: 'w' | 'wx'): void {
  const descriptor = openSync(file, flag, 0o600);
  try {
    writeFileSync(descriptor, text);
    fsyncSync(descriptor);
  } catch (error) {
    rmSync(file);
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

/** The name of a file is on the disk once its folder is. */
function sync(folder: string): void {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
