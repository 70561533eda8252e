import type { Finding, Gate } from './gate.ts';
import { itemsAt, numberAt, parseJson, textAt } from './json.ts';
import { runTool, toolFault } from './run-tool.ts';

/** oxlint with type information, by `.oxlintrc.json`: among others no promise or knex builder is left floating. */
export const lint: Gate = {
  name: 'lint',
  find: async (tree) => {
    const args = [
      '--type-aware',
      '--deny-warnings',
      '--report-unused-disable-directives',
      '--format',
      'json',
    ];
    const result = await runTool('oxlint', args, tree.root);
    const findings = itemsAt(parseJson(result.stdout), 'diagnostics').map(toFinding);
    if (result.exitCode !== 0 && findings.length === 0) throw toolFault('oxlint', result);
    return findings;
  },
};

function toFinding(diagnostic: unknown): Finding {
  return {
    file: textAt(diagnostic, ['filename']),
    line: numberAt(diagnostic, 'labels', 0, 'span', 'line'),
    what: `${textAt(diagnostic, ['code'], 'oxlint')}: ${textAt(diagnostic, ['message'])}`,
    fix: textAt(diagnostic, ['help'], 'see the rule in .oxlintrc.json'),
  };
}
