import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Checkpoint, parseCheckpoint, parseNote, type ToCosign } from '@ironforge/audit-log';
import { replaceFile } from '../durable-file.ts';
import { hasSystemCode } from '../json-file.ts';
import { holdHome } from '../supervisor/hold.ts';
import { trouble } from '../trouble.ts';

/** What a witness cosigned last of each log: a file for each origin, with the checkpoint as the log signed it. */
export interface WitnessState extends AsyncDisposable {
  /** The last head of an origin, null before the first. Throws `failed` for a file that is no checkpoint of it. */
  readonly lastOf: (origin: string) => Checkpoint | null;
  /** Returns once it is on the disk. */
  readonly keep: (head: Pick<ToCosign, 'origin' | 'signed'>) => void;
}

/** Opens the folder, which one witness has at a time. Throws `usage` while another has it. */
export async function openWitnessState(folder: string): Promise<WitnessState> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const hold = await holdHome({ dir: folder });
  if (hold === null) throw trouble('usage', `Another witness works on ${folder}: give each its own`);
  const fileOf = (origin: string) => join(folder, `${createHash('sha256').update(origin).digest('hex')}.txt`);
  return {
    lastOf: (origin) => headIn(fileOf(origin), origin),
    keep: ({ origin, signed }) => replaceFile(fileOf(origin), signed),
    [Symbol.asyncDispose]: () => hold.release(),
  };
}

function headIn(file: string, origin: string): Checkpoint | null {
  const text = textOf(file);
  if (text === null) return null;
  const parsed = parseNote(text);
  const head = 'note' in parsed ? parseCheckpoint(parsed.note.text) : parsed;
  if ('checkpoint' in head && head.checkpoint.origin === origin) return head.checkpoint;
  throw trouble('failed', `${file} is not what was cosigned last of ${origin}: nothing of it is cosigned`);
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (hasSystemCode(error, 'ENOENT')) return null;
    throw error;
  }
}
