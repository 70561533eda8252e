import { readdirSync, readFileSync } from 'node:fs';
import { join, matchesGlob } from 'node:path';
import { parseSource, type Source } from './source.ts';

/** The files that a gate looks at: paths relative to the root, with forward slashes, sorted. */
export interface Tree {
  readonly root: string;
  readonly files: readonly string[];
  readonly read: (file: string) => string;
  readonly source: (file: string) => Source;
}

/** The working tree under a folder, without what its `.gitignore` leaves out; needs no git, since a bare machine has none. */
export function openTree(root: string): Tree {
  const ignored = readIgnored(root);
  return treeOf(root, listFiles(root, '', ignored).toSorted(), (file) =>
    readFileSync(join(root, file), 'utf8'),
  );
}

/** A tree over any source of texts; each file is read and parsed once. */
export function treeOf(root: string, files: readonly string[], readText: (file: string) => string): Tree {
  const read = remembered(readText);
  return { root, files, read, source: remembered((file) => parseSource(file, read(file))) };
}

/** The TypeScript files of a tree; not `.d.ts`, which describe the code of others. */
export function typeScriptFiles(tree: Tree): readonly string[] {
  return tree.files.filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'));
}

/** True for tests of every kind (`x.test.ts`, `x.integration.test.ts`, `x.e2e.test.ts`) and what they share (`x.fixture.ts`). */
export function isTest(file: string): boolean {
  return /\.(?:test|fixture)\.ts$/.test(file);
}

function remembered<T>(make: (file: string) => T): (file: string) => T {
  const known = new Map<string, T>();
  return (file) => {
    const value = known.get(file) ?? make(file);
    known.set(file, value);
    return value;
  };
}

function readIgnored(root: string): readonly string[] {
  const lines = readFileSync(join(root, '.gitignore'), 'utf8').split('\n');
  return ['.git', ...lines.map((line) => line.trim().replace(/^\/|\/$/g, '')).filter((line) => line !== '')];
}

function listFiles(root: string, folder: string, ignored: readonly string[]): string[] {
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  return entries
    .filter((entry) => !ignored.some((pattern) => matchesGlob(entry.name, pattern)))
    .flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) return listFiles(root, path, ignored);
      return entry.isFile() ? [path] : [];
    });
}
