import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { link, mkdir, open, unlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { hasSystemCode, readJson } from '../json-file.ts';
import { trouble } from '../trouble.ts';

/** At which nonce a request was signed first, and the hash of that transaction. */
export type Noted = z.infer<typeof noted>;

/** What a signer remembers of what he signed: a file for each request, so that signers may share the folder (ADR 0066). */
export interface Journal {
  /** What was noted of a request; null when nothing was. Throws `failed` for a note that cannot be read. */
  find(requestId: string): Noted | null;
  /** Notes a request for good, and gives what was noted of it first, whoever did. */
  note(requestId: string, what: Noted): Promise<Noted>;
  /** Where the note of a request is. */
  fileOf(requestId: string): string;
}

/** Opens the journal in a folder, which is made when it is not there. Throws `not_writable` when that fails. */
export function openJournal(folder: string): Journal {
  makeFolder(folder);
  const fileOf = (requestId: string) => join(folder, requestId.slice(-2), `${requestId}.json`);
  const find = (requestId: string) => readNote(fileOf(requestId));
  return {
    fileOf,
    find,
    note: async (requestId, what) => {
      await writeOnce(fileOf(requestId), JSON.stringify(what));
      return find(requestId) ?? what;
    },
  };
}

const noted = z.strictObject({ nonce: z.int().min(0), txHash: z.string() });

function makeFolder(folder: string): void {
  try {
    const made = mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (made !== undefined) syncBetween(dirname(made), resolve(folder));
  } catch (error) {
    const what = 'give with --journal a folder that this signer can write, and that stays';
    throw trouble('not_writable', `${folder} cannot be made: ${what}`, error);
  }
}

/** Each new folder is on disk in the one above it, or a power cut would take it and all that it holds. */
function syncBetween(top: string, folder: string): void {
  for (let below = folder; below !== top; below = dirname(below)) {
    const descriptor = openSync(dirname(below), 'r');
    fsyncSync(descriptor);
    closeSync(descriptor);
  }
}

function readNote(file: string): Noted | null {
  try {
    const json = readJson(file);
    return json === null ? null : noted.parse(json);
  } catch (error) {
    throw trouble('failed', `${file} cannot be read, so nobody knows what was signed: put it back`, error);
  }
}

/** Whole or not at all, and the first one stays: on disk under another name, then linked to its own. */
async function writeOnce(file: string, text: string): Promise<void> {
  const shard = dirname(file);
  await mkdir(shard, { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomUUID()}`;
  await writeToDisk(draft, text);
  try {
    await link(draft, file);
  } catch (error) {
    if (!hasSystemCode(error, 'EEXIST')) throw notLinked(file, error);
  } finally {
    await unlink(draft);
  }
  for (const folder of [shard, dirname(shard)]) await syncFolder(folder);
}

function notLinked(file: string, error: unknown) {
  const what = 'give with --journal a folder on a file system that has hard links';
  return trouble('not_writable', `${file} cannot be linked to its name: ${what}`, error);
}

async function writeToDisk(file: string, text: string): Promise<void> {
  await using handle = await open(file, 'wx', 0o600);
  await handle.writeFile(text);
  await handle.sync();
}

async function syncFolder(folder: string): Promise<void> {
  await using handle = await open(folder, 'r');
  await handle.sync();
}
