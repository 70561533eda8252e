import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Home } from '../home.ts';
import type { RunCommand } from './run-command.ts';
import { withProgress } from './with-progress.ts';

/** The folder with a Debian package and all that it needs and this system lacks, fetched and unpacked on first use. */
export type FetchApt = (name: string) => Promise<string>;

/** What fetching from the archive needs. */
export interface AptDeps {
  readonly home: Home;
  readonly say: (line: string) => void;
  readonly run: RunCommand;
}

/** Fetches Debian packages without root and without installing: apt gets a state of its own, dropped at the end. */
export function createAptFetcher({
  home,
  say,
  run,
}: AptDeps): AsyncDisposable & { readonly fetch: FetchApt } {
  const state = join(home.tools, `apt-state.${process.pid}`);
  let before: Promise<unknown> | null = null;

  const unpack = async (name: string, folder: string): Promise<string> => {
    const draft = `${folder}.${process.pid}.new`;
    await download(name, draft, { run, state });
    renameSync(draft, folder);
    return folder;
  };

  return {
    fetch: async (name) => {
      const folder = join(home.tools, `apt-${name}`);
      if (existsSync(folder)) return folder;
      const what = `Fetching ${name} from the Debian archive`;
      // One after the other: apt's state is shared, so that its package lists are fetched once.
      before = (before?.catch(() => undefined) ?? update(run, state)).then(() => undefined);
      const turn = before.then(() => withProgress(say, what, () => unpack(name, folder)));
      before = turn;
      return turn;
    },
    [Symbol.asyncDispose]: async () => rmSync(state, { recursive: true, force: true }),
  };
}

/** The package names in apt's list of addresses: `'http://…/redis_7_amd64.deb' redis_7_amd64.deb 123 MD5Sum:…`. */
export function packagesOf(plan: string): readonly string[] {
  return plan.split('\n').flatMap((line) => {
    const name = /^'[^']+' ([^_ ]+)_/.exec(line)?.[1];
    return name === undefined ? [] : [name];
  });
}

async function update(run: RunCommand, state: string): Promise<void> {
  for (const sub of ['lists/partial', 'cache/archives/partial'])
    mkdirSync(join(state, sub), { recursive: true });
  await run('apt-get', [...optionsOf(state), '-qq', 'update']);
}

interface Apt {
  readonly run: RunCommand;
  readonly state: string;
}

async function download(name: string, draft: string, { run, state }: Apt): Promise<void> {
  const debs = join(draft, 'debs');
  mkdirSync(debs, { recursive: true });
  const plan = await run('apt-get', [
    ...optionsOf(state),
    '--no-install-recommends',
    '--print-uris',
    '-qqy',
    'install',
    name,
  ]);
  await run('apt-get', [...optionsOf(state), '-qq', 'download', ...packagesOf(plan)], { cwd: debs });
  for (const deb of readdirSync(debs)) await run('dpkg', ['-x', join(debs, deb), draft]);
  rmSync(debs, { recursive: true });
}

function optionsOf(state: string): readonly string[] {
  return [
    `Dir::State=${state}`,
    `Dir::State::lists=${join(state, 'lists')}`,
    'Dir::State::status=/var/lib/dpkg/status',
    `Dir::Cache=${join(state, 'cache')}`,
    'Debug::NoLocking=1',
    'APT::Sandbox::User=root',
    'Acquire::Languages=none',
  ].flatMap((option) => ['-o', option]);
}
