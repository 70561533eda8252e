import { readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { present } from '@ironforge/kernel';
import { libraryPath } from './library-path.ts';
import { folderOnPath, isProgram } from './on-path.ts';
import type { PartContext } from './part.ts';

/** Where a broker's programs are; `libraries` is the LD_LIBRARY_PATH they need, empty for none. */
export interface RabbitmqBinaries {
  readonly home: string;
  readonly erlangBin: string;
  readonly epmd: string;
  readonly libraries: string;
}

const DEBIAN_FOLDER = '/usr/lib/rabbitmq/lib';

/** A broker of version 3.10 or newer on this system; null when there is none. */
export function rabbitmqOnPath(env: NodeJS.ProcessEnv): RabbitmqBinaries | null {
  const [scripts, erlangBin] = [folderOnPath(env, 'rabbitmq-server'), folderOnPath(env, 'erl', 'epmd')];
  if (scripts === null || erlangBin === null) return null;
  const home = homeIn(DEBIAN_FOLDER) ?? dirname(dirname(realpathSync(join(scripts, 'rabbitmq-server'))));
  if (!isProgram(join(home, 'sbin', 'rabbitmq-server')) || !isNewEnough(home)) return null;
  return { home, erlangBin, epmd: join(erlangBin, 'epmd'), libraries: '' };
}

/** The broker of the Debian packages, its Erlang made to run from where it was unpacked. */
export async function fetchRabbitmq({ fetchApt }: PartContext): Promise<RabbitmqBinaries> {
  const folder = await fetchApt('rabbitmq-server');
  const erlang = join(folder, 'usr/lib/erlang');
  const runtime = join(
    erlang,
    present(
      readdirSync(erlang).find((name) => name.startsWith('erts-')),
      'Erlang runtime',
    ),
  );
  for (const bin of [join(erlang, 'bin'), join(runtime, 'bin')]) {
    for (const script of ['erl', 'start']) relocate(join(bin, script), erlang);
  }
  return {
    home: present(homeIn(join(folder, DEBIAN_FOLDER)), 'unpacked RabbitMQ'),
    erlangBin: join(erlang, 'bin'),
    epmd: join(runtime, 'bin', 'epmd'),
    libraries: libraryPath(folder),
  };
}

function homeIn(folder: string): string | null {
  try {
    const version = readdirSync(folder).find((name) => name.startsWith('rabbitmq_server-'));
    return version === undefined ? null : join(folder, version);
  } catch {
    return null;
  }
}

function isNewEnough(home: string): boolean {
  const [major, minor] = (/(\d+)\.(\d+)/.exec(home)?.slice(1) ?? []).map(Number);
  return major === undefined || minor === undefined || major > 3 || (major === 3 && minor >= 10);
}

// Debian's scripts name the folder they would be installed in; setting it again is safe, also after a move.
function relocate(script: string, erlang: string): void {
  const text = readFileSync(script, 'utf8');
  const moved = text.replaceAll(/^(\s*ROOTDIR=).*$/gm, (_, assignment: string) => `${assignment}"${erlang}"`);
  if (moved !== text) writeFileSync(script, moved);
}
