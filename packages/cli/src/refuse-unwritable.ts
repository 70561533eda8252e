import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { trouble } from './trouble.ts';

/** Asked before work whose result goes into a file: a folder that is missing is told first. Throws `usage`. */
export function refuseUnwritable(file: string): void {
  const folder = dirname(file);
  if (!isFolder(folder))
    throw trouble('usage', `${file} cannot be written: ${folder} is no folder, make it first`);
  if (isFolder(file)) throw trouble('usage', `${file} is a folder: name a file in it`);
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
