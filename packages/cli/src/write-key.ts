import { writeNewFile } from './durable-file.ts';
import { hasSystemCode } from './json-file.ts';
import { trouble } from './trouble.ts';

/** Writes a new key; what is told of it afterwards outlives a power cut. Throws `usage` for a file that exists. */
export function writeKey(file: string, text: string): void {
  try {
    writeNewFile(file, text);
  } catch (error) {
    if (!hasSystemCode(error, 'EEXIST')) throw error;
    throw trouble('usage', `${file} exists already: a key is never overwritten`, error);
  }
}
