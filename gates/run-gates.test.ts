import { describe, expect, it } from 'vitest';
import type { Gate } from './gate.ts';
import { asJson, asLines, summary } from './report.ts';
import { runGates, type Verdict } from './run-gates.ts';
import { treeOf } from './tree.ts';

const tree = treeOf('/planted', [], () => '');
const finding = { file: 'packages/a/src/a.ts', line: 3, what: 'a fault.', fix: 'mend it' };
const red: Gate = { name: 'red', find: () => [finding] };
const green: Gate = { name: 'green', find: () => [] };
const broken: Gate = { name: 'broken', find: () => Promise.reject(new Error('no such tool')) };

async function judge(gates: readonly Gate[], ...paths: string[]): Promise<Verdict[]> {
  const verdicts = await runGates(gates, tree, { paths, parallel: 2, onVerdict: () => undefined });
  return verdicts.map((verdict) => ({ ...verdict, ms: 1200 }));
}

describe('runGates', () => {
  it('counts a gate that breaks down as a finding, never as ok', async () => {
    expect(await judge([broken])).toEqual([expect.objectContaining({ name: 'broken', ok: false })]);
  });

  it('shows only what is found at or below the paths that are named', async () => {
    expect(await judge([red], 'packages/a')).toEqual([expect.objectContaining({ ok: false })]);
    expect(await judge([red], 'packages/a/src/a.ts')).toEqual([expect.objectContaining({ ok: false })]);
    expect(await judge([red], 'packages/ab')).toEqual([expect.objectContaining({ ok: true })]);
  });
});

describe('report', () => {
  it('gives one line to a gate and one to each finding', async () => {
    const [first, second] = await judge([green, red]);
    expect([first, second].map((verdict) => (verdict === undefined ? '' : asLines(verdict)))).toEqual([
      'green            1.2 s  ok',
      'red              1.2 s  1 finding\n  packages/a/src/a.ts:3  a fault. mend it',
    ]);
  });

  it('sums up in one line, and as JSON', async () => {
    const verdicts = await judge([green, red]);
    expect(summary(verdicts, 2500)).toBe('2 gates in 2.5 s: 1 finding in red');
    expect(summary(await judge([green]), 2500)).toBe('1 gate in 2.5 s: all ok');
    expect(JSON.parse(asJson(verdicts, 2500))).toMatchObject({
      ok: false,
      ms: 2500,
      gates: [{ name: 'green' }, { name: 'red' }],
    });
  });
});
