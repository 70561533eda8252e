import type { Node } from 'oxc-parser';
import type { Finding, Gate } from './gate.ts';
import { type Place, places, type Source } from './source.ts';
import { isTest, typeScriptFiles } from './tree.ts';

const MAX_FILE_LINES = 300;
const MAX_FUNCTION_LINES = 50;

/** No file over 300 lines and no function over 50; a test's `describe` is a chapter, not a function. */
export const sizes: Gate = {
  name: 'sizes',
  find: (tree) =>
    typeScriptFiles(tree).flatMap((file) => {
      const source = tree.source(file);
      return [...longFile(file, source), ...longFunctions(file, source)];
    }),
};

function longFile(file: string, { text }: Source): Finding[] {
  const lines = text.replace(/\n$/, '').split('\n').length;
  if (lines <= MAX_FILE_LINES) return [];
  const what = `${String(lines)} lines, at most ${String(MAX_FILE_LINES)}`;
  return [{ file, line: null, what, fix: 'split it by what it speaks about (aim at 60 lines)' }];
}

function longFunctions(file: string, source: Source): Finding[] {
  return [...places(source.program)]
    .filter(({ node }) => isFunction(node))
    .filter((place) => !(isTest(file) && isDescribe(place)))
    .flatMap(({ node, parent }) => {
      const first = source.lineAt(node.start);
      const lines = source.lineAt(node.end) - first + 1;
      if (lines <= MAX_FUNCTION_LINES) return [];
      const what = `${nameOf(node, parent)} has ${String(lines)} lines, at most ${String(MAX_FUNCTION_LINES)}`;
      return [{ file, line: first, what, fix: 'give its steps names of their own (aim at 10 lines)' }];
    });
}

function isFunction({ type }: Node): boolean {
  return (
    type === 'FunctionDeclaration' || type === 'FunctionExpression' || type === 'ArrowFunctionExpression'
  );
}

function isDescribe({ parent }: Place): boolean {
  let callee = parent?.type === 'CallExpression' ? parent.callee : null;
  while (callee !== null) {
    if (callee.type === 'Identifier') return callee.name === 'describe';
    if (callee.type === 'MemberExpression') callee = callee.object;
    else callee = callee.type === 'CallExpression' ? callee.callee : null;
  }
  return false;
}

function nameOf(node: Node, parent: Node | null): string {
  if (node.type === 'FunctionDeclaration' && node.id !== null) return node.id.name;
  if (parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier') return parent.id.name;
  if (parent?.type === 'MethodDefinition' || parent?.type === 'Property') {
    return parent.key.type === 'Identifier' ? parent.key.name : 'a method';
  }
  return 'a function';
}
