import type { Node, Statement } from 'oxc-parser';
import type { Finding, Gate } from './gate.ts';
import type { Source } from './source.ts';
import { isTest, typeScriptFiles } from './tree.ts';

/** Every export has a doc comment: one sentence, units, shapes, errors, the source of a rule. One-line type names speak for themselves. */
export const documented: Gate = {
  name: 'documented',
  find: (tree) =>
    typeScriptFiles(tree)
      .filter((file) => /^(?:packages|services)\/[^/]+\/src\/|^gates\//.test(file) && !isTest(file))
      .flatMap((file) => silentExports(file, tree.source(file))),
};

function silentExports(file: string, source: Source): Finding[] {
  return exportedStatements(source)
    .filter(({ declaration }) => !isOneLineType(declaration, source))
    .filter(({ statement }) => !hasDocComment(statement, source))
    .map(({ statement, declaration }) => ({
      file,
      line: source.lineAt(statement.start),
      what: `${nameOf(declaration)} is exported without a doc comment`,
      fix: 'one sentence in /** */ right above: what it gives, in which unit, which errors, from which source',
    }));
}

interface Exported {
  readonly statement: Statement;
  readonly declaration: Node;
}

function exportedStatements({ program }: Source): Exported[] {
  const byLaterName = new Set(program.body.flatMap(laterNames));
  return program.body.flatMap((statement): Exported[] => {
    if (statement.type !== 'ExportNamedDeclaration') {
      return byLaterName.has(nameOf(statement)) ? [{ statement, declaration: statement }] : [];
    }
    return statement.declaration === null ? [] : [{ statement, declaration: statement.declaration }];
  });
}

/** The names of `export { a, b }` without a source: they are declared in this file. */
function laterNames(statement: Statement): string[] {
  if (statement.type !== 'ExportNamedDeclaration' || statement.source !== null) return [];
  return statement.specifiers.flatMap(({ local }) => (local.type === 'Identifier' ? [local.name] : []));
}

function isOneLineType(node: Node, source: Source): boolean {
  return node.type === 'TSTypeAliasDeclaration' && source.lineAt(node.start) === source.lineAt(node.end);
}

function hasDocComment(statement: Statement, { comments, text }: Source): boolean {
  return comments.some(
    ({ type, value, end }) =>
      type === 'Block' &&
      value.startsWith('*') &&
      end <= statement.start &&
      text.slice(end, statement.start).trim() === '',
  );
}

function nameOf(node: Node): string {
  if (node.type === 'VariableDeclaration') {
    const [first] = node.declarations;
    return first?.id.type === 'Identifier' ? first.id.name : 'a constant';
  }
  const named = 'id' in node ? node.id : null;
  return named?.type === 'Identifier' ? named.name : 'something';
}
