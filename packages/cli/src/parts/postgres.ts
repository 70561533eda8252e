import { appendFileSync, chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writePrivate } from '../json-file.ts';
import type { Program } from '../supervisor/program.ts';
import { askDatabase } from './asks.ts';
import { findSource } from './find-source.ts';
import type { Part, PartContext } from './part.ts';
import { portOf } from './port-of.ts';
import { fetchPostgres, type PostgresBinaries, postgresOnPath } from './postgres-binaries.ts';
import { type Account, asAccount, unprivilegedAccount } from './unprivileged.ts';

/** The role that runs the migrations and owns the tables. */
const OWNER = 'ironforge_owner';

/** PostgreSQL: given, or a private instance. The address is the owner's, in a database of our own. */
export async function postgresPart(context: PartContext): Promise<Part<string>> {
  const found = await findSource({
    name: 'PostgreSQL',
    variable: 'DATABASE_URL',
    program: 'postgres and initdb (version 15 or newer)',
    given: context.env['DATABASE_URL'],
    onPath: () => postgresOnPath(context),
    fetch: () => fetchPostgres(context),
  });
  if (found.from === 'url')
    return { name: 'postgres', source: 'given by DATABASE_URL', address: found.url, stages: [] };
  const port = portOf(context.ports, 'postgres');
  const address = `postgres://${OWNER}:${context.secrets.databaseOwnerPassword}@127.0.0.1:${port}/ironforge`;
  const program = postgresProgram(context, found.binary, address);
  return { name: 'postgres', source: found.binary.folder, address, stages: [[program]] };
}

function postgresProgram(context: PartContext, binaries: PostgresBinaries, url: string): Program {
  const port = portOf(context.ports, 'postgres');
  const data = join(context.home.data, 'postgres');
  const account = unprivilegedAccount('postgres');
  const settings = [...OWN_SETTINGS, ...moreSettings(context.env)];
  const args = ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
  const [command, ...rest] = asAccount(account, join(binaries.folder, 'postgres'), args);
  return {
    name: 'postgres',
    kind: 'server',
    command,
    args: rest,
    env: { LD_LIBRARY_PATH: binaries.libraries },
    ports: { postgres: port },
    url,
    stopSignal: 'SIGINT',
    prepare: async () => {
      if (!existsSync(data)) await initialise(context, { binaries, data, account });
      dropStaleLock(data);
    },
    ask: () => askDatabase(url.replace(/ironforge$/, 'postgres')),
  };
}

/** No statement of ours is worth a compiler (ADR 0067). */
const OWN_SETTINGS = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'max_connections=400',
  'jit=off',
];

// What a bench or a test run asks for beside: that statements are counted, that nothing waits for the disk.
function moreSettings(env: NodeJS.ProcessEnv): readonly string[] {
  return (env['IRONFORGE_POSTGRES_SETTINGS'] ?? '').split(' ').filter(Boolean);
}

interface Cluster {
  readonly binaries: PostgresBinaries;
  readonly data: string;
  readonly account: Account | null;
}

async function initialise(context: PartContext, { binaries, data, account }: Cluster): Promise<void> {
  const { home, env, secrets, run } = context;
  const draft = `${data}.new`;
  const passwordFile = join(home.dir, 'initdb-password');
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true, mode: 0o700 });
  writePrivate(passwordFile, secrets.databaseOwnerPassword);
  if (account !== null) chownSync(draft, account.uid, account.gid);
  const options = [
    '--username',
    OWNER,
    '--pwfile',
    passwordFile,
    '--auth',
    'scram-sha-256',
    '--encoding',
    'UTF8',
  ];
  const [command, ...args] = asAccount(account, join(binaries.folder, 'initdb'), [
    '-D',
    draft,
    ...options,
    '--locale',
    'C.UTF-8',
  ]);
  try {
    await run(command, args, { env: surroundings(env, binaries) });
  } finally {
    rmSync(passwordFile);
  }
  await compressByLz4(context, { binaries, data: draft, account });
  renameSync(draft, data);
}

/** Large values, which are compressed anew at each change, by LZ4 where this PostgreSQL was built with it (ADR 0067). */
async function compressByLz4({ run, env }: PartContext, { binaries, data, account }: Cluster): Promise<void> {
  const args = ['-D', data, '-c', LZ4, '-C', 'default_toast_compression'];
  const [command, ...rest] = asAccount(account, join(binaries.folder, 'postgres'), args);
  const isTaken = await run(command, rest, { env: surroundings(env, binaries) }).then(
    () => true,
    () => false,
  );
  if (isTaken) appendFileSync(join(data, 'postgresql.conf'), `${LZ4}\n`);
}

const LZ4 = 'default_toast_compression=lz4';

function surroundings(env: NodeJS.ProcessEnv, { libraries }: PostgresBinaries): NodeJS.ProcessEnv {
  return { PATH: env['PATH'], LANG: 'C.UTF-8', LD_LIBRARY_PATH: libraries };
}

// PostgreSQL takes any living process with the pid in its lock file for a former self, also after that number went to
// a stranger. Ours are stopped by now, so a lock of anything that is not a PostgreSQL is stale.
function dropStaleLock(data: string): void {
  const lock = join(data, 'postmaster.pid');
  if (!existsSync(lock)) return;
  const pid = readFileSync(lock, 'utf8').split('\n', 1)[0];
  if (nameOfProcess(pid) !== 'postgres') rmSync(lock);
}

function nameOfProcess(pid: string | undefined): string | null {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return null;
  }
}
