import type { Finding, Gate } from './gate.ts';
import { runTool, toolFault } from './run-tool.ts';

/** Every package.json is in order and every dependency has one version in the whole workspace (sherif). */
export const versions: Gate = {
  name: 'versions',
  find: async (tree) => {
    const result = await runTool('sherif', ['--fail-on-warnings'], tree.root);
    const findings = readReport(`${result.stdout}\n${result.stderr}`);
    if (result.exitCode !== 0 && findings.length === 0) throw toolFault('sherif', result);
    return findings;
  },
};

const HEADING = /^\d+ issues? found in (?:\.\/)?(?<file>.+):$/;
const ISSUE = /^\s*\S+ (?:error|warning) (?<what>.+) (?<rule>[a-z-]+)$/;

function readReport(text: string): Finding[] {
  const findings: Finding[] = [];
  let file = 'package.json';
  for (const line of text.split('\n')) {
    file = HEADING.exec(line)?.groups?.file ?? file;
    const issue = ISSUE.exec(line)?.groups;
    if (issue !== undefined) findings.push(toFinding(file, issue.what ?? line, issue.rule ?? ''));
  }
  return findings;
}

function toFinding(file: string, what: string, rule: string): Finding {
  return { file, line: null, what, fix: `${rule}: correct it by hand, or run sherif --fix` };
}
