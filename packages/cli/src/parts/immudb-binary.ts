import { join } from 'node:path';
import { fetchGo } from './fetch-go.ts';
import { folderOnPath } from './on-path.ts';
import type { PartContext } from './part.ts';

/** The version that is built, and that the verifier is tested against. */
const VERSION = '1.11.1';
const MODULE = 'github.com/codenotary/immudb';

/** immudb on this system; null when there is none. */
export function immudbOnPath(env: NodeJS.ProcessEnv): string | null {
  const folder = folderOnPath(env, 'immudb');
  return folder === null ? null : join(folder, 'immudb');
}

/** immudb of the pinned Go module. It is a program of its own, under its own licence, that nothing of ours contains. */
export function buildImmudb(context: PartContext): Promise<string> {
  const version = `${MODULE}/cmd/version`;
  return fetchGo(context, {
    name: 'immudb',
    version: VERSION,
    package: `${MODULE}/cmd/immudb`,
    linkerFlags: `-X ${version}.App=immudb -X ${version}.Version=${VERSION}`,
  });
}
