import type { Node } from 'oxc-parser';
import { literalText, places, type Source } from './source.ts';

/** One place where a file names a module; null when the name is computed at run time. */
export interface Import {
  readonly specifier: string | null;
  readonly line: number;
}

/** All imports of a file: `import`, `export … from`, `import()`, `import('x').Type`, `require()`. */
export function importsOf(source: Source): Import[] {
  return [...places(source.program)].flatMap(({ node }) => {
    const named = namedModule(node);
    return named === null ? [] : [{ specifier: literalText(named), line: source.lineAt(node.start) }];
  });
}

/** The package that a bare specifier names: `@scope/name` or `name`, without what follows; null for a path. */
export function packageOf(specifier: string): string | null {
  if (specifier.startsWith('.') || specifier.startsWith('/')) return null;
  return /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? null;
}

function namedModule(node: Node): Node | null {
  if (node.type === 'ImportDeclaration' || node.type === 'ExportAllDeclaration') return node.source;
  if (node.type === 'ExportNamedDeclaration') return node.source;
  if (node.type === 'ImportExpression' || node.type === 'TSImportType') return node.source;
  if (node.type !== 'CallExpression' || node.callee.type !== 'Identifier') return null;
  return node.callee.name === 'require' ? (node.arguments[0] ?? null) : null;
}
