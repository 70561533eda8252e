import { join, resolve } from 'node:path';

/** Where one local installation keeps everything; `tools` (what was fetched) is shared by `up` and `test`. */
export interface Home {
  readonly root: string;
  readonly dir: string;
  readonly tools: string;
  readonly data: string;
  readonly log: string;
}

/** The folders of the installation in use: `.ironforge` beside the launcher, or what IRONFORGE_HOME names. */
export function homeOf(env: NodeJS.ProcessEnv): Home {
  const root = resolve(import.meta.dirname, '../../..');
  const dir = resolve(env['IRONFORGE_HOME'] || join(root, '.ironforge'));
  return homeAt(root, dir, join(dir, 'tools'));
}

/** The folders of the installation that `test` makes for itself. */
export function testHomeOf(home: Home): Home {
  return homeAt(home.root, join(home.dir, 'test'), home.tools);
}

/** The folders of the installation that `bench` makes for itself. */
export function benchHomeOf(home: Home): Home {
  return homeAt(home.root, join(home.dir, 'bench'), home.tools);
}

function homeAt(root: string, dir: string, tools: string): Home {
  return { root, dir, tools, data: join(dir, 'data'), log: join(dir, 'log') };
}
