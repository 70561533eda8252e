import type { Finding, Gate } from './gate.ts';
import { at, itemsAt, keysAt, numberAt, parseJson, textAt } from './json.ts';
import { runTool, toolFault } from './run-tool.ts';

/** No file, export or dependency that nothing uses, and none that is used without being listed (knip). */
export const unused: Gate = {
  name: 'unused',
  find: async (tree) => {
    const args = ['--reporter', 'json', '--no-progress', '--no-config-hints'];
    const result = await runTool('knip', args, tree.root);
    const findings = itemsAt(parseJson(result.stdout), 'issues').flatMap(toFindings);
    if (result.exitCode !== 0 && findings.length === 0) throw toolFault('knip', result);
    return findings;
  },
};

const FIXES: Readonly<Record<string, string>> = {
  files: 'import it from somewhere or delete it',
  exports: 'use it, or drop the word export',
  types: 'use it, or drop the word export',
  duplicates: 'export it once, under one name',
  dependencies: 'remove it from package.json, then pnpm install',
  devDependencies: 'remove it from package.json, then pnpm install',
  unlisted: 'add it to the catalog and to the package.json of this folder',
  unresolved: 'correct the path',
  catalog: 'remove it from the catalog of pnpm-workspace.yaml',
};

/** knip's row: one file, and a list of names for each kind of issue. */
function toFindings(row: unknown): Finding[] {
  const file = textAt(row, ['file']);
  return keysAt(row).flatMap((kind) =>
    itemsAt(row, kind)
      .flat()
      .filter((issue) => at(issue, 'name') !== undefined)
      .map((issue) => toFinding(file, kind, issue)),
  );
}

function toFinding(file: string, kind: string, issue: unknown): Finding {
  const what = `${kind}: ${textAt(issue, ['name'])}`;
  return { file, line: numberAt(issue, 'line'), what, fix: FIXES[kind] ?? 'remove what nothing uses' };
}
