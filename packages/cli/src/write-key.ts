import { writeNewFile } from './durable-file.ts';
import { hasSystemCode } from './json-file.ts';
import { refuseUnwritable } from './refuse-unwritable.ts';
import { trouble } from './trouble.ts';

/** Writes a new key; what is told of it afterwards outlives a power cut. Throws `usage` for a file that exists, or a folder that does not. */
export function writeKey(file: string, text: string): void {
  refuseUnwritable(file);
  try {
    writeNewFile(file, text);
  } catch (error) {
    if (!hasSystemCode(error, 'EEXIST')) throw error;
    throw trouble('usage', `${file} exists already: a key is never overwritten`, error);
  }
}
