import { realpathSync } from 'node:fs';
import { relative } from 'node:path';
import type { Finding, Gate } from './gate.ts';
import { itemsAt, numberAt, parseJson, textAt } from './json.ts';
import { runTool, toolFault } from './run-tool.ts';

/** No password, token or private key in any file (secretlint's recommended rules). */
export const secrets: Gate = {
  name: 'secrets',
  find: async (tree) => {
    const args = ['--format', 'json', '--no-glob', '--no-gitignore', ...tree.files];
    const result = await runTool('secretlint', args, tree.root);
    const root = realpathSync(tree.root);
    const findings = itemsAt(parseJson(result.stdout)).flatMap((report) => toFindings(report, root));
    if (result.exitCode !== 0 && findings.length === 0) throw toolFault('secretlint', result);
    return findings;
  },
};

function toFindings(report: unknown, root: string): Finding[] {
  const file = relative(root, textAt(report, ['filePath']));
  return itemsAt(report, 'messages').map((message) => ({
    file,
    line: numberAt(message, 'loc', 'start', 'line'),
    what: textAt(message, ['message']),
    fix: `take it out, and revoke it if it ever was real (${textAt(message, ['ruleId'])})`,
  }));
}
