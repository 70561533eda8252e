import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import type { Finding, Gate } from './gate.ts';
import { type Import, importsOf, packageOf } from './imports.ts';
import { DRIVERS, folderOf, type Layer, layerOf } from './layer-table.ts';
import { manifestFindings } from './manifests.ts';
import { isTest, type Tree, typeScriptFiles } from './tree.ts';

/** Who may import whom: the table of ARCHITECTURE.md, for every kind of import and for every package.json. */
export const layers: Gate = {
  name: 'layers',
  find: (tree) => [
    ...typeScriptFiles(tree).flatMap((file) => fileFindings(file, tree)),
    ...tree.files
      .filter((file) => file.endsWith('package.json'))
      .flatMap((file) => manifestFindings(file, tree)),
  ],
};

/** Where an import stands: the file, its folder, and the folder's row of the table. */
interface Importer {
  readonly file: string;
  readonly folder: string;
  readonly layer: Layer;
}

function fileFindings(file: string, tree: Tree): Finding[] {
  const folder = folderOf(file);
  if (folder === null) return [];
  const layer = layerOf(folder);
  if (layer === null)
    return [
      { file, line: null, what: `${folder} has no layer`, fix: 'give it a row in gates/layer-table.ts' },
    ];
  return importsOf(tree.source(file)).flatMap((found) => {
    const refusal = refusalOf(found, { file, folder, layer });
    return refusal === null ? [] : [{ file, line: found.line, ...refusal }];
  });
}

type Refusal = Pick<Finding, 'what' | 'fix'>;

function refusalOf({ specifier }: Import, importer: Importer): Refusal | null {
  if (specifier === null)
    return { what: 'imports a name computed at run time', fix: 'import by a literal name' };
  const name = packageOf(specifier);
  if (name === null) return refusedPath(specifier, importer);
  if (isBuiltin(specifier)) return refusedBuiltin(specifier, importer);
  if (name.startsWith('@ironforge/')) return refusedWorkspace(specifier, name, importer);
  return refusedNpm(name, importer);
}

function refusedPath(specifier: string, { file, folder }: Importer): Refusal | null {
  const target = posix.join(posix.dirname(file), specifier);
  if (target.startsWith(`${folder}/`)) return null;
  return {
    what: `reaches out of ${folder} by path: ${specifier}`,
    fix: 'import the package by its name: @ironforge/<name>',
  };
}

function refusedBuiltin(specifier: string, { file, folder, layer }: Importer): Refusal | null {
  if (layer.isPure && !isTest(file)) {
    return {
      what: `imports ${specifier}; ${folder} is ${layer.title} and runs anywhere`,
      fix: 'take what it needs as an argument',
    };
  }
  return null;
}

function refusedWorkspace(
  specifier: string,
  name: string,
  { file, folder, layer }: Importer,
): Refusal | null {
  const short = name.slice('@ironforge/'.length);
  if (specifier !== name)
    return {
      what: `reaches into ${name}: ${specifier}`,
      fix: `import { … } from '${name}'; what is missing there, its index.ts exports`,
    };
  if (layer.workspace.includes(short) || `packages/${short}` === folder)
    return testingInSource(short, file, folder);
  if (short === 'testing' && isTest(file) && layer.level >= 2) return null;
  return {
    what: `${folder} (layer ${String(layer.level)}, ${layer.title}) imports ${name}`,
    fix: allowedText(layer),
  };
}

function testingInSource(short: string, file: string, folder: string): Refusal | null {
  if (short !== 'testing' || isTest(file) || folder === 'e2e') return null;
  return {
    what: 'imports @ironforge/testing outside a test',
    fix: 'what tests share is named x.fixture.ts; what ships stands in another package',
  };
}

function refusedNpm(name: string, { file, folder, layer }: Importer): Refusal | null {
  if (isTest(file)) return null;
  const owners = DRIVERS[name];
  if (owners !== undefined && !owners.includes(folder)) {
    return {
      what: `imports the driver ${name}`,
      fix: `only ${owners.join(', ')} may; use the package's functions`,
    };
  }
  if (layer.npm === 'any' || layer.npm.includes(name)) return null;
  return {
    what: `${folder} (layer ${String(layer.level)}, ${layer.title}) imports ${name}`,
    fix: `it may import ${layer.npm.join(', ') || 'no npm package'}; a new one needs a row in gates/layer-table.ts`,
  };
}

function allowedText({ workspace }: Layer): string {
  return `it may import ${workspace.join(', ') || 'nothing'}; move the code, or take the function as an argument`;
}
