import type { Finding, Gate } from './gate.ts';
import { itemsAt, parseJson, textAt } from './json.ts';
import { runTool, toolFault } from './run-tool.ts';

/** Every file looks as biome prints it. */
export const format: Gate = {
  name: 'format',
  find: async (tree) => {
    const result = await runTool(
      'biome',
      ['format', '--reporter=json', '--max-diagnostics=none', '.'],
      tree.root,
    );
    const findings = itemsAt(parseJson(result.stdout), 'diagnostics').map(toFinding);
    if (result.exitCode !== 0 && findings.length === 0) throw toolFault('biome', result);
    return findings;
  },
};

function toFinding(diagnostic: unknown): Finding {
  const file = textAt(diagnostic, ['location', 'path']);
  const isFormat = textAt(diagnostic, ['category']) === 'format';
  const what = isFormat ? 'is not formatted' : `cannot be formatted: ${textAt(diagnostic, ['message'])}`;
  return { file, line: null, what, fix: `biome format --write ${file}` };
}
