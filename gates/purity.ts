import type { Node } from 'oxc-parser';
import type { Finding, Gate } from './gate.ts';
import { folderOf, layerOf } from './layer-table.ts';
import { type Place, places, type Source } from './source.ts';
import { isTest, typeScriptFiles } from './tree.ts';

/** Pure packages know no clock, chance, process or network; services and adapters read `process.env` nowhere but in `main.ts`. */
export const purity: Gate = {
  name: 'purity',
  find: (tree) =>
    typeScriptFiles(tree)
      .filter((file) => !isTest(file))
      .flatMap((file) => [
        ...(isPure(file) ? impurities(file, tree.source(file)) : []),
        ...(mayReadEnvironment(file) ? [] : environmentReads(file, tree.source(file))),
      ]),
};

const IMPURE_GLOBALS = [
  'process',
  'fetch',
  'performance',
  'crypto',
  'Buffer',
  'console',
  'globalThis',
  'WebSocket',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
];
const FIX = 'take it as an argument (Clock, NewId, a function); the service passes the real one';

function isPure(file: string): boolean {
  const folder = folderOf(file);
  return folder !== null && layerOf(folder)?.isPure === true;
}

function impurities(file: string, source: Source): Finding[] {
  const all = [...places(source.program)];
  const declared = new Set(all.flatMap(declaredNames));
  return all.flatMap((place) => {
    const what = impureUse(place, declared);
    return what === null
      ? []
      : [{ file, line: source.lineAt(place.node.start), what: `${what} in a pure package`, fix: FIX }];
  });
}

/** Names that a file binds itself: a parameter called `process` is no process. */
function declaredNames({ node, parent }: Place): string[] {
  if (node.type === 'ObjectPattern') return destructured(node.properties).flatMap(nameIfAny);
  if (node.type !== 'Identifier' || parent === null) return [];
  return isBinding(node, parent) ? [node.name] : [];
}

function destructured(properties: readonly Node[]): Node[] {
  return properties.flatMap((property) => (property.type === 'Property' ? [property.value] : []));
}

function nameIfAny(bound: Node): string[] {
  const target = bound.type === 'AssignmentPattern' ? bound.left : bound;
  return target.type === 'Identifier' ? [target.name] : [];
}

function isBinding(node: Node, parent: Node): boolean {
  if (parent.type === 'VariableDeclarator' || parent.type === 'FunctionDeclaration')
    return parent.id === node || isParameter(node, parent);
  return parent.type === 'ImportSpecifier' || isParameter(node, parent);
}

function isParameter(node: Node, parent: Node): boolean {
  return (
    'params' in parent &&
    Array.isArray(parent.params) &&
    parent.params.some((parameter) => parameter === node)
  );
}

function impureUse({ node, parent }: Place, declared: ReadonlySet<string>): string | null {
  if (node.type === 'NewExpression' && isName(node.callee, 'Date') && node.arguments.length === 0)
    return 'new Date()';
  if (node.type === 'CallExpression' && isName(node.callee, 'Date')) return 'Date()';
  if (node.type === 'MemberExpression') return impureMember(node.object, node.property);
  if (node.type !== 'Identifier' || declared.has(node.name) || isLabel(node, parent)) return null;
  return IMPURE_GLOBALS.includes(node.name) ? node.name : null;
}

function impureMember(object: Node, property: Node): string | null {
  if (isName(object, 'Date') && isName(property, 'now')) return 'Date.now';
  return isName(object, 'Math') && isName(property, 'random') ? 'Math.random' : null;
}

/** True where a name is only a label of a property or of a type's member, not a use of a variable. */
function isLabel(node: Node, parent: Node | null): boolean {
  if (parent === null) return false;
  if (parent.type === 'MemberExpression') return parent.property === node && !parent.computed;
  if (parent.type === 'TSTypeReference' || parent.type === 'TSQualifiedName') return true;
  return 'key' in parent && parent.key === node;
}

function mayReadEnvironment(file: string): boolean {
  const folder = folderOf(file);
  if (folder === null) return true;
  if (folder.startsWith('services/')) return file === `${folder}/src/main.ts`;
  return layerOf(folder)?.level !== 2;
}

function environmentReads(file: string, source: Source): Finding[] {
  return [...places(source.program)].filter(isEnvironmentRead).map(({ node }) => ({
    file,
    line: source.lineAt(node.start),
    what: 'reads the environment',
    fix: 'parse it in config.ts from what src/main.ts of the service hands over',
  }));
}

function isEnvironmentRead({ node, parent }: Place): boolean {
  if (node.type === 'MemberExpression') return isName(node.object, 'process') && isName(node.property, 'env');
  if (node.type === 'ImportDeclaration') return /^(?:node:)?process$/.test(node.source.value);
  const isDestructured =
    parent?.type === 'VariableDeclarator' && parent.id.type === 'ObjectPattern' && parent.init === node;
  return isDestructured && isName(node, 'process');
}

function isName(node: Node, name: string): boolean {
  return node.type === 'Identifier' && node.name === name;
}
