import type { Finding } from './gate.ts';
import type { Verdict } from './run-gates.ts';

/** A verdict for people: one line with name, time and result, and one more for each finding. */
export function asLines({ name, ok, ms, findings }: Verdict): string {
  const result = ok ? 'ok' : counted(findings.length, 'finding');
  return [`${name.padEnd(14)} ${seconds(ms)}  ${result}`, ...findings.map(findingLine)].join('\n');
}

/** The last line for people. */
export function summary(verdicts: readonly Verdict[], ms: number): string {
  const red = verdicts.filter(({ ok }) => !ok);
  const findings = red.flatMap((verdict) => verdict.findings).length;
  const result =
    red.length === 0
      ? 'all ok'
      : `${counted(findings, 'finding')} in ${red.map(({ name }) => name).join(', ')}`;
  return `${counted(verdicts.length, 'gate')} in ${seconds(ms).trim()}: ${result}`;
}

/** All verdicts for programs: `{ ok, ms, gates: [{ name, ok, ms, findings: [{ file, line, what, fix }] }] }`. */
export function asJson(verdicts: readonly Verdict[], ms: number): string {
  return JSON.stringify({ ok: verdicts.every(({ ok }) => ok), ms, gates: verdicts });
}

function findingLine({ file, line, what, fix }: Finding): string {
  const place = line === null ? file : `${file}:${String(line)}`;
  return `  ${place}  ${what.replace(/\.$/, '')}. ${fix}`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`.padStart(7);
}

function counted(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? '' : 's'}`;
}
