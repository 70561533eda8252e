import type { Comment, Node } from 'oxc-parser';
import type { Finding, Gate } from './gate.ts';
import { literalText, type Source } from './source.ts';
import { productFiles } from './sql.ts';
import { sqlIn } from './sql-in-code.ts';
import { isTest, type Tree } from './tree.ts';

/**
 * No value is put into the text of SQL that ships: it travels as a binding. Allowed are constants in CAPITALS, names quoted by
 * `escapeIdentifier` (pg), and the one place (the tenant in BEGIN) that says `sql-value:` and why, right above.
 */
export const interpolation: Gate = {
  name: 'interpolation',
  find: (tree) => {
    const shipped = productFiles(tree).filter((file) => !isTest(file));
    const built = shipped.flatMap((file) => builtSql(file, tree));
    const [first] = built.filter(({ excusedBy }) => excusedBy !== null);
    return built
      .filter((text) => text.excusedBy === null || text.excusedBy !== first?.excusedBy)
      .map(toFinding);
  },
};

/** `excusedBy` names the statement of the file that says `sql-value:`; null where none does. */
interface BuiltSql {
  readonly file: string;
  readonly line: number;
  readonly value: string;
  readonly excusedBy: string | null;
}

function builtSql(file: string, tree: Tree): BuiltSql[] {
  const source = tree.source(file);
  return sqlIn(source).flatMap(({ node }) => {
    const hole = holesOf(node).find((part) => !isSafe(part));
    if (hole === undefined) return [];
    const value = source.text.slice(hole.start, hole.end);
    return [{ file, line: source.lineAt(hole.start), value, excusedBy: excuseOf(file, node, source) }];
  });
}

/** What is put into a text: the expressions of a template, the parts of a sum that are no literals. */
function holesOf(node: Node): Node[] {
  if (node.type === 'TemplateLiteral') return [...node.expressions];
  if (node.type === 'BinaryExpression') return [...holesOf(node.left), ...holesOf(node.right)];
  return literalText(node) === null ? [node] : [];
}

function isSafe(node: Node): boolean {
  if (node.type === 'Identifier') return /^[A-Z][A-Z0-9_]*$/.test(node.name);
  if (node.type !== 'CallExpression') return false;
  const called = node.callee.type === 'MemberExpression' ? node.callee.property : node.callee;
  return called.type === 'Identifier' && called.name === 'escapeIdentifier';
}

/** The top-level statement around a text, when a comment right above it or inside it excuses it. */
function excuseOf(file: string, node: Node, { program, comments }: Source): string | null {
  const index = program.body.findIndex(({ start, end }) => start <= node.start && node.end <= end);
  const statement = program.body[index];
  if (statement === undefined) return null;
  const from = program.body[index - 1]?.end ?? 0;
  const isExcused = comments.some(
    (comment) => isExcuse(comment) && comment.start >= from && comment.end <= statement.end,
  );
  return isExcused ? `${file}:${String(statement.start)}` : null;
}

function isExcuse({ value }: Comment): boolean {
  return /\bsql-value: \S.{10,}/.test(value);
}

function toFinding({ file, line, value, excusedBy }: BuiltSql): Finding {
  if (excusedBy !== null)
    return {
      file,
      line,
      what: 'a second place puts a value into SQL',
      fix: 'use a binding; only one place may',
    };
  const fix = 'pass it as a binding (?), or a constant in CAPITALS, or a name through escapeIdentifier';
  return { file, line, what: `SQL is built with \${${value}}`, fix };
}
