import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { PartContext } from './part.ts';
import { withProgress } from './with-progress.ts';

/** An npm package with its exact version; its install scripts never run. */
export interface NpmPackage {
  readonly name: string;
  readonly version: string;
}

/** The folder of a package, fetched into the tools on first use; it appears there only when it is complete. */
export async function fetchNpm(
  { home, env, say, run }: PartContext,
  { name, version }: NpmPackage,
): Promise<string> {
  const folder = join(home.tools, `${name.replace(/^@/, '').replaceAll('/', '-')}-${version}`);
  const installed = join(folder, 'node_modules', name);
  if (existsSync(installed)) return installed;
  const draft = `${folder}.${process.pid}.new`;
  mkdirSync(draft, { recursive: true });
  const flags = [
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--no-update-notifier',
    '--fetch-retries=1',
    '--fetch-retry-mintimeout=500',
    '--fetch-retry-maxtimeout=1000',
  ];
  await withProgress(say, `Fetching ${name} ${version} from npm`, () =>
    run('npm', ['install', '--prefix', draft, ...flags, `${name}@${version}`], { env }),
  );
  rmSync(folder, { recursive: true, force: true });
  renameSync(draft, folder);
  return installed;
}

/** The name that packages give this processor: `x64` and `arm64`, or what the table says. */
export function architecture<Name extends string>(names: {
  readonly x64: Name;
  readonly arm64: Name;
}): Name | null {
  return process.platform === 'linux' && (process.arch === 'x64' || process.arch === 'arm64')
    ? names[process.arch]
    : null;
}
