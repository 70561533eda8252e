import type { Node } from 'oxc-parser';
import { literalText, type Place, places, type Source } from './source.ts';
import type { SqlText } from './sql-rules.ts';

/** SQL that a file builds or writes, with the node that holds its text. */
export interface SqlNode extends SqlText {
  readonly node: Node;
}

const STATEMENT =
  /(?:^|;)\s*(?:SELECT|INSERT\s+INTO|UPDATE|DELETE\s+FROM|WITH|CREATE|ALTER|DROP|TRUNCATE|BEGIN|SET|GRANT|REVOKE|LOCK|LISTEN|NOTIFY)\b/;
const LOWER_STATEMENT =
  /^\s*(?:select\s[\s\S]+\sfrom\s|insert\s+into\s|update\s+\S+\s+set\s|delete\s+from\s)/;

/** Every text of a file that a database will read: arguments of `raw` and `query`, and whatever begins like a statement. */
export function sqlIn(source: Source): SqlNode[] {
  return [...places(source.program)]
    .filter((place) => isText(place.node) && !isPartOfText(place) && isSql(place, wholeText(place.node)))
    .map(({ node }) => ({ node, text: wholeText(node), firstLine: source.lineAt(node.start) }));
}

function isSql(place: Place, text: string): boolean {
  return isRawArgument(place) || STATEMENT.test(text) || LOWER_STATEMENT.test(text);
}

/** `raw`, `whereRaw`, `orderByRaw` … of knex: their first argument is always SQL. */
function isRawArgument({ node, parent }: Place): boolean {
  if (parent?.type !== 'CallExpression' || parent.arguments[0] !== node) return false;
  const { callee } = parent;
  return (
    callee.type === 'MemberExpression' &&
    callee.property.type === 'Identifier' &&
    /^raw$|Raw$/.test(callee.property.name)
  );
}

function isText(node: Node): boolean {
  return literalText(node) !== null || node.type === 'TemplateLiteral' || isConcatenation(node);
}

function isConcatenation(node: Node): boolean {
  return (
    node.type === 'BinaryExpression' && node.operator === '+' && (isText(node.left) || isText(node.right))
  );
}

function isPartOfText({ parent }: Place): boolean {
  return parent !== null && isConcatenation(parent);
}

function wholeText(node: Node): string {
  if (node.type === 'BinaryExpression') return wholeText(node.left) + wholeText(node.right);
  if (node.type !== 'TemplateLiteral') return literalText(node) ?? ' ? ';
  return node.quasis.map(({ value }) => value.cooked ?? value.raw).join(' ? ');
}
