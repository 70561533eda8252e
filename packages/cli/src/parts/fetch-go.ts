import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Home } from '../home.ts';
import { folderOnPath } from './on-path.ts';
import type { PartContext } from './part.ts';
import { withProgress } from './with-progress.ts';

/** A program of a Go module that a folder of `infra/local/tools` pins, checksums included. */
export interface GoProgram {
  readonly name: string;
  readonly version: string;
  readonly package: string;
  /** What the program says of itself: settings for `-ldflags`. */
  readonly linkerFlags: string;
}

/** The program, built into the tools on first use; it appears there only when it is whole. Throws where there is no Go. */
export async function fetchGo({ home, env, say, run }: PartContext, program: GoProgram): Promise<string> {
  const { name } = program;
  const binary = builtPath(home, program);
  const folder = dirname(binary);
  if (existsSync(binary)) return binary;
  if (!hasGo(env)) throw new Error('there is no go on the PATH to build it with');
  const draft = `${folder}.${process.pid}.new`;
  mkdirSync(draft, { recursive: true });
  const options = ['-trimpath', `-ldflags=-s -w ${program.linkerFlags}`, '-o', join(draft, name)];
  await withProgress(say, `Building ${name} ${program.version} with Go, once, in about a minute`, () =>
    run('go', ['build', ...options, program.package], {
      cwd: join(home.root, 'infra', 'local', 'tools', name),
      env: { ...env, CGO_ENABLED: '0' },
    }),
  );
  rmSync(folder, { recursive: true, force: true });
  renameSync(draft, folder);
  return binary;
}

/** Where the program is once it is built. */
export function builtPath({ tools }: Home, { name, version }: Pick<GoProgram, 'name' | 'version'>): string {
  return join(tools, `${name}-${version}`, name);
}

/** True where Go programs can be built. */
export function hasGo(env: NodeJS.ProcessEnv): boolean {
  return folderOnPath(env, 'go') !== null;
}
