import { type Comment, type Node, type Program, parseSync, visitorKeys } from 'oxc-parser';

/** One parsed TypeScript file. TypeScript 7 has no compiler API, so the tree is oxc's (ESTree with TypeScript nodes). */
export interface Source {
  readonly text: string;
  readonly program: Program;
  readonly comments: readonly Comment[];
  readonly lineAt: (offset: number) => number;
}

/** A node together with the one that holds it. */
export interface Place {
  readonly node: Node;
  readonly parent: Node | null;
}

/** Reads one file. A syntax error gives what could be read; the types gate reports it. */
export function parseSource(file: string, text: string): Source {
  const { program, comments } = parseSync(file, text);
  return { text, program, comments, lineAt: (offset) => text.slice(0, offset).split('\n').length };
}

/** Every node below and including this one, parents first. */
export function* places(node: Node, parent: Node | null = null): Generator<Place> {
  yield { node, parent };
  for (const key of visitorKeys[node.type] ?? []) {
    const child: unknown = Reflect.get(node, key);
    for (const value of Array.isArray(child) ? child : [child]) {
      if (isNode(value)) yield* places(value, node);
    }
  }
}

/** The text of a string literal or of a template without holes; null for anything else. */
export function literalText(node: Node): string | null {
  if (node.type === 'Literal') return typeof node.value === 'string' ? node.value : null;
  if (node.type !== 'TemplateLiteral' || node.expressions.length > 0) return null;
  return node.quasis[0]?.value.cooked ?? null;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}
