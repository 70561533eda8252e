import type { Finding } from './gate.ts';
import { keysAt, parseJson } from './json.ts';
import { DRIVERS, folderOf, type Layer, layerOf } from './layer-table.ts';
import type { Tree } from './tree.ts';

type Field = 'dependencies' | 'devDependencies';

/** What the package.json of a folder lists against the layer table; development dependencies may add `testing`. */
export function manifestFindings(file: string, tree: Tree): Finding[] {
  const folder = folderOf(file);
  const layer = folder === null ? null : layerOf(folder);
  if (folder === null || layer === null) return [];
  const fields: readonly Field[] = ['dependencies', 'devDependencies'];
  return fields.flatMap((field) =>
    listed(tree.read(file), field)
      .filter((name) => !isAllowed(name, { field, folder, layer }))
      .map((name) => ({
        file,
        line: lineOf(name, tree.read(file)),
        what: `${folder} lists ${name} in ${field}`,
        fix: fixOf(layer),
      })),
  );
}

interface Lister {
  readonly field: Field;
  readonly folder: string;
  readonly layer: Layer;
}

function isAllowed(name: string, { field, folder, layer }: Lister): boolean {
  const isDevelopment = field === 'devDependencies';
  if (name.startsWith('@ironforge/')) {
    const short = name.slice('@ironforge/'.length);
    return layer.workspace.includes(short) || (short === 'testing' && isDevelopment && layer.level >= 2);
  }
  if (isDevelopment) return true;
  if (DRIVERS[name]?.includes(folder) === false) return false;
  return layer.npm === 'any' || layer.npm.includes(name);
}

function listed(text: string, field: Field): readonly string[] {
  return keysAt(parseJson(text), field);
}

function lineOf(name: string, text: string): number {
  return text.slice(0, text.indexOf(`"${name}"`, text.indexOf('ependencies"'))).split('\n').length;
}

function fixOf({ level, title, workspace, npm }: Layer): string {
  const packages = npm === 'any' ? 'npm packages that are no driver of another' : npm.join(', ');
  return `layer ${String(level)} (${title}) may use ${[...workspace, packages].filter((name) => name !== '').join(', ') || 'nothing'}`;
}
