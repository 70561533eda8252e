import { describe, expect, it } from 'vitest';
import { sum, tallyOfVitest } from './tally.ts';

const report = {
  numPassedTests: 5,
  numFailedTests: 1,
  numPendingTests: 2,
  numTodoTests: 1,
  testResults: [
    { status: 'passed', assertionResults: [{}] },
    { status: 'failed', assertionResults: [{}] },
  ],
};

describe('tallyOfVitest', () => {
  it('counts what passed, failed and was left out', () => {
    expect(tallyOfVitest(report)).toEqual({ passed: 5, failed: 1, skipped: 3 });
  });

  it('counts a file that could not be read as one failure', () => {
    const broken = { status: 'failed', assertionResults: [] };
    const tally = tallyOfVitest({ ...report, testResults: [...report.testResults, broken] });
    expect(tally.failed).toBe(2);
  });
});

describe('sum', () => {
  it('is nothing for no tallies', () => {
    expect(sum([])).toEqual({ passed: 0, failed: 0, skipped: 0 });
  });

  it('adds each count apart', () => {
    const one = { passed: 1, failed: 2, skipped: 3 };
    expect(sum([one, one])).toEqual({ passed: 2, failed: 4, skipped: 6 });
  });
});
