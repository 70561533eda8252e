import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Gate } from './gate.ts';
import { keysAt, parseJson, textAt } from './json.ts';
import { isAllowedLicence } from './licence-expression.ts';
import type { Tree } from './tree.ts';

/** Everything that ships, and all that it pulls in, has a licence that asks for no source of ours in return. Read from node_modules. */
export const licences: Gate = {
  name: 'licences',
  find: (tree) => {
    const seen = new Set<string>();
    return tree.files
      .filter((file) => file === 'package.json' || file.endsWith('/package.json'))
      .flatMap((file) => shippedBy({ folder: join(tree.root, dirname(file)), trail: [] }, seen))
      .map((fault) => ({ file: ownerOf(fault, tree), line: null, what: fault.what, fix: fault.fix }));
  },
};

/** A package in node_modules or in the workspace, and by whom it came in. */
interface Package {
  readonly folder: string;
  readonly trail: readonly string[];
}

interface Fault {
  readonly trail: readonly string[];
  readonly what: string;
  readonly fix: string;
}

function shippedBy({ folder, trail }: Package, seen: Set<string>): Fault[] {
  if (seen.has(folder)) return [];
  seen.add(folder);
  const manifest = parseJson(readFileSync(join(folder, 'package.json'), 'utf8'));
  const here = [
    ...trail,
    `${textAt(manifest, ['name'], folder)}@${textAt(manifest, ['version'], 'workspace')}`,
  ];
  const optional = keysAt(manifest, 'optionalDependencies');
  const names = new Set([...keysAt(manifest, 'dependencies'), ...optional]);
  const below = [...names].flatMap((name) => {
    const found = findPackage(folder, name);
    if (found !== null) return shippedBy({ folder: found, trail: here }, seen);
    return optional.includes(name)
      ? []
      : [{ trail: here, what: `${name} is not installed`, fix: 'pnpm install' }];
  });
  return [...licenceFault(manifest, here), ...below];
}

/** Node's own search: node_modules of this folder and of every folder above it, links followed. */
function findPackage(folder: string, name: string): string | null {
  const candidate = join(folder, 'node_modules', name);
  if (existsSync(join(candidate, 'package.json'))) return realpathSync(candidate);
  return dirname(folder) === folder ? null : findPackage(dirname(folder), name);
}

function licenceFault(manifest: unknown, trail: readonly string[]): Fault[] {
  const licence = licenceOf(manifest);
  if (isAllowedLicence(licence)) return [];
  const what = `${trail.at(-1) ?? ''} is under "${licence}", by ${trail.join(' > ')}`;
  return [
    {
      trail,
      what,
      fix: 'choose another package; a licence that is free after all goes into licence-expression.ts',
    },
  ];
}

/** The forms that registries still hold: a text, an object, a list of objects. */
function licenceOf(manifest: unknown): string {
  const old = textAt(manifest, ['license', 'type'], textAt(manifest, ['licenses', 0, 'type'], 'unknown'));
  return textAt(manifest, ['license'], old);
}

function ownerOf({ trail }: Fault, tree: Tree): string {
  const owner = trail[0]?.replace(/@[^@]*$/, '');
  const manifests = tree.files.filter((file) => file.endsWith('package.json'));
  return manifests.find((file) => textAt(parseJson(tree.read(file)), ['name']) === owner) ?? 'package.json';
}
