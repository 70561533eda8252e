import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '@ironforge/kernel';
import type { Dialect } from './dialect.ts';
import { splitStatements } from './split-statements.ts';

/** One migration as its files say it. */
export interface Migration {
  readonly version: number;
  /** `NNNN_verb_noun`. */
  readonly name: string;
  readonly up: readonly string[];
  readonly down: readonly string[];
  /** SHA-256 of the up file, hex. */
  readonly checksum: string;
}

/** The project's own migrations. */
export const MIGRATIONS_FOLDER = fileURLToPath(new URL('../../../../migrations', import.meta.url));

const FILE = /^(\d{4})_([a-z0-9_]+)(?:\.(postgres|cockroach))?\.(up|down)\.sql$/;

/**
 * Reads a folder of `NNNN_verb_noun[.postgres|.cockroach].(up|down).sql` in order; a file with the dialect's name wins
 * over one without. Throws `invalid_migrations` for a stray file, a number used twice, or a missing half.
 */
export async function readMigrations(folder: string, dialect: Dialect): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).toSorted();
  const versions = new Map<string, string>();
  for (const name of names) addVersion(versions, name);
  return Promise.all([...versions.values()].map((name) => readMigration({ folder, names, name, dialect })));
}

/** SHA-256 over all files of a folder, so that two folders with one hash make one schema. */
export async function hashMigrations(folder: string): Promise<string> {
  const hash = createHash('sha256');
  for (const name of (await readdir(folder)).toSorted()) {
    hash
      .update(name)
      .update('\0')
      .update(await readFile(join(folder, name)))
      .update('\0');
  }
  return hash.digest('hex');
}

function addVersion(versions: Map<string, string>, file: string): void {
  const [, digits = '', noun = ''] = FILE.exec(file) ?? [];
  if (digits === '') throw invalid(`${file} is not named NNNN_verb_noun.up.sql or .down.sql`);
  const name = `${digits}_${noun}`;
  if ((versions.get(digits) ?? name) !== name)
    throw invalid(`${name} and ${versions.get(digits)} have one number`);
  versions.set(digits, name);
}

interface Source {
  readonly folder: string;
  readonly names: readonly string[];
  readonly name: string;
  readonly dialect: Dialect;
}

async function readMigration(source: Source): Promise<Migration> {
  const [up, down] = await Promise.all([readHalf(source, 'up'), readHalf(source, 'down')]);
  return {
    version: Number(source.name.slice(0, 4)),
    name: source.name,
    up: splitStatements(up),
    down: splitStatements(down),
    checksum: createHash('sha256').update(up).digest('hex'),
  };
}

async function readHalf({ folder, names, name, dialect }: Source, half: 'up' | 'down'): Promise<string> {
  const file = [`${name}.${dialect}.${half}.sql`, `${name}.${half}.sql`].find((candidate) =>
    names.includes(candidate),
  );
  if (file === undefined) throw invalid(`${name} has no ${half} file for ${dialect}`);
  return readFile(join(folder, file), 'utf8');
}

function invalid(detail: string): AppError {
  return new AppError('invalid_migrations', { detail });
}
