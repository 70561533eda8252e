import { join } from 'node:path';
import type { Home } from '../home.ts';
import { builtPath, fetchGo, type GoProgram } from './fetch-go.ts';
import { folderOnPath, isProgram } from './on-path.ts';
import type { PartContext } from './part.ts';

/** immudb on this system; null when there is none. */
export function immudbOnPath(env: NodeJS.ProcessEnv): string | null {
  const folder = folderOnPath(env, 'immudb');
  return folder === null ? null : join(folder, 'immudb');
}

/** immudb as it was built at an earlier start; null before that. */
export function immudbBuilt(home: Home): string | null {
  const path = builtPath(home, IMMUDB);
  return isProgram(path) ? path : null;
}

/** immudb of the pinned Go module. It is a program of its own, under its own licence, that nothing of ours contains. */
export function buildImmudb(context: PartContext): Promise<string> {
  return fetchGo(context, IMMUDB);
}

/** The version that is built, and that the verifier is tested against. */
const VERSION = '1.11.1';
const MODULE = 'github.com/codenotary/immudb';
const IMMUDB: GoProgram = {
  name: 'immudb',
  version: VERSION,
  package: `${MODULE}/cmd/immudb`,
  linkerFlags: `-X ${MODULE}/cmd/version.App=immudb -X ${MODULE}/cmd/version.Version=${VERSION}`,
};
