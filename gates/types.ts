import type { Finding, Gate } from './gate.ts';
import { runTool, toolFault } from './run-tool.ts';

/** The whole tree type-checks under the strict `tsconfig.json`. */
export const types: Gate = {
  name: 'types',
  find: async (tree) => {
    const result = await runTool('tsc', ['--noEmit', '--pretty', 'false'], tree.root);
    const findings = result.stdout.split('\n').flatMap(readDiagnostic);
    if (result.exitCode !== 0 && findings.length === 0) throw toolFault('tsc', result);
    return findings;
  },
};

const DIAGNOSTIC = /^(?<file>.+?)\((?<line>\d+),\d+\): error (?<code>TS\d+): (?<message>.*)$/;

function readDiagnostic(text: string): Finding[] {
  const parts = DIAGNOSTIC.exec(text)?.groups;
  if (parts === undefined) return [];
  const { file = '', line, code = '', message = '' } = parts;
  return [
    { file, line: Number(line), what: `${code} ${message}`, fix: 'make the types agree, without a cast' },
  ];
}
