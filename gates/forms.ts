import type { Node } from 'oxc-parser';
import type { Finding, Gate } from './gate.ts';
import { places, type Source } from './source.ts';
import { typeScriptFiles } from './tree.ts';

/** Only forms that Node can strip and style allows: no enum, namespace, decorator or class of our own but errors. */
export const forms: Gate = {
  name: 'forms',
  find: (tree) =>
    typeScriptFiles(tree).flatMap((file) => {
      const source = tree.source(file);
      return [...refusedNodes(file, source), ...silentDirectives(file, source)];
    }),
};

interface Refusal {
  readonly what: string;
  readonly fix: string;
}

const REFUSED: Readonly<Record<string, Refusal>> = {
  TSEnumDeclaration: { what: 'an enum', fix: 'a union of literals, or an object `as const`' },
  TSModuleDeclaration: { what: 'a namespace', fix: 'a file of its own' },
  TSParameterProperty: { what: 'a parameter property', fix: 'a field and an assignment' },
  TSExportAssignment: { what: 'export =', fix: 'a named export' },
  Decorator: { what: 'a decorator', fix: 'a function call that a reader can follow' },
};
const OWN_CLASS: Refusal = {
  what: 'a class that is no error',
  fix: 'createX(deps, options) that returns functions; a class may only extend an error or what a library demands',
};

function refusedNodes(file: string, source: Source): Finding[] {
  return [...places(source.program)].flatMap(({ node }) => {
    const refusal = refusalOf(node);
    return refusal === null ? [] : [{ file, line: source.lineAt(node.start), ...refusal }];
  });
}

function refusalOf(node: Node): Refusal | null {
  if (node.type === 'ClassDeclaration' || node.type === 'ClassExpression') {
    return node.superClass === null ? OWN_CLASS : null;
  }
  return REFUSED[node.type] ?? null;
}

const DIRECTIVE = /(?:oxlint|eslint)-disable|@ts-(?:ignore|expect-error|nocheck)|biome-ignore/;
const REASON = /(?:--|: ).{10,}/;

function silentDirectives(file: string, source: Source): Finding[] {
  return source.comments
    .filter(({ value }) => DIRECTIVE.test(value) && !REASON.test(value))
    .map(({ start }) => ({
      file,
      line: source.lineAt(start),
      what: 'a rule is switched off without a reason',
      fix: 'obey the rule, or say why not after ` -- `',
    }));
}
