import { createReadStream, readFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { trouble } from '../trouble.ts';

/** The bytes of a file, or of standard input for `-`. Throws `usage` when the file cannot be read. */
export async function readInput(file: string): Promise<Uint8Array> {
  return file === '-' ? await buffer(process.stdin) : readBytes(file);
}

/** The bytes of a file, or of standard input for `-`, as they are read. Throws `usage` when the file cannot be read. */
export async function* readPieces(file: string): AsyncGenerator<Uint8Array> {
  try {
    const stream: AsyncIterable<Uint8Array> = file === '-' ? process.stdin : createReadStream(file);
    yield* stream;
  } catch (error) {
    throw trouble('usage', `${file} cannot be read`, error);
  }
}

/** The text of a file. Throws `usage` when it cannot be read. */
export function readText(file: string): string {
  return readBytes(file).toString('utf8');
}

function readBytes(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw trouble('usage', `${file} cannot be read`, error);
  }
}
