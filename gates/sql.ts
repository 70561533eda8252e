import type { Node } from 'oxc-parser';
import type { Finding, Gate } from './gate.ts';
import { places, type Source } from './source.ts';
import { sqlIn } from './sql-in-code.ts';
import { sqlFindings } from './sql-rules.ts';
import { type Tree, typeScriptFiles } from './tree.ts';

/** SQL that PostgreSQL and CockroachDB both run alike, in migrations and in code. A migration named for one engine may differ. */
export const sql: Gate = {
  name: 'sql',
  find: (tree) => [
    ...tree.files
      .filter(isForBothEngines)
      .flatMap((file) => sqlFindings(file, { text: tree.read(file), firstLine: 1 })),
    ...productFiles(tree).flatMap((file) => codeFindings(file, tree.source(file))),
  ],
};

/** Code that reaches a database; the gates themselves only speak about SQL. */
export function productFiles(tree: Tree): readonly string[] {
  return typeScriptFiles(tree).filter((file) => !file.startsWith('gates/'));
}

function isForBothEngines(file: string): boolean {
  return file.endsWith('.sql') && !/\.(?:postgres|cockroach)\./.test(file);
}

function codeFindings(file: string, source: Source): Finding[] {
  const texts = sqlIn(source).flatMap((text) => sqlFindings(file, text));
  const calls = [...places(source.program)].flatMap(({ node }) => {
    const name = refusedCall(node);
    if (name === null) return [];
    return [
      { file, line: source.lineAt(node.start), what: `calls ${name}()`, fix: REFUSED_CALLS[name] ?? '' },
    ];
  });
  return [...texts, ...calls];
}

const REFUSED_CALLS: Readonly<Record<string, string>> = {
  skipLocked: 'claim by UPDATE … WHERE state = … RETURNING, or by hash lanes',
  increments: 'a random UUID made by newId',
  bigIncrements: 'a random UUID made by newId',
};

function refusedCall(node: Node): string | null {
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return null;
  const { property } = node.callee;
  return property.type === 'Identifier' && Object.hasOwn(REFUSED_CALLS, property.name) ? property.name : null;
}
