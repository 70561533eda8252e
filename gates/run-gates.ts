import type { Finding, Gate } from './gate.ts';
import type { Tree } from './tree.ts';

/** What one gate said, and how long it took in milliseconds. */
export interface Verdict {
  readonly name: string;
  readonly ok: boolean;
  readonly ms: number;
  readonly findings: readonly Finding[];
}

/** `paths`: show only what is found at or below one of them (none: all); `parallel`: gates at once. */
export interface Options {
  readonly paths: readonly string[];
  readonly parallel: number;
  readonly onVerdict: (verdict: Verdict) => void;
}

/** Runs every gate, some side by side, and tells each verdict as it comes. A gate that breaks down counts as a finding. */
export async function runGates(gates: readonly Gate[], tree: Tree, options: Options): Promise<Verdict[]> {
  const waiting = gates.values();
  const verdicts: Verdict[] = [];
  const work = async (): Promise<void> => {
    for (const gate of waiting) {
      const verdict = await runGate(gate, tree, options.paths);
      verdicts.push(verdict);
      options.onVerdict(verdict);
    }
  };
  await Promise.all(Array.from({ length: options.parallel }, work));
  return verdicts;
}

async function runGate(gate: Gate, tree: Tree, paths: readonly string[]): Promise<Verdict> {
  const started = performance.now();
  const all = await findOrBreak(gate, tree);
  const findings = all.filter(({ file }) => paths.length === 0 || paths.some((path) => isBelow(file, path)));
  return {
    name: gate.name,
    ok: findings.length === 0,
    ms: Math.round(performance.now() - started),
    findings,
  };
}

async function findOrBreak(gate: Gate, tree: Tree): Promise<readonly Finding[]> {
  try {
    return await gate.find(tree);
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    return [
      {
        file: `gates/${gate.name}.ts`,
        line: null,
        what,
        fix: 'the gate itself broke down; nothing was checked',
      },
    ];
  }
}

function isBelow(file: string, path: string): boolean {
  const bare = path.replace(/^\.\/|\/$/g, '');
  return file === bare || file.startsWith(`${bare}/`);
}
