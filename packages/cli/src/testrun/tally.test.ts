import { describe, expect, it } from 'vitest';
import { NOTHING, oneFailure, sum, tallyOfVitest } from './tally.ts';

const passed = { fullName: ' box opens', status: 'passed', failureMessages: [] };
const failed = {
  fullName: ' box closes',
  status: 'failed',
  failureMessages: ['AssertionError: expected open to be closed\n    at box.test.ts:7'],
};
const report = {
  numPassedTests: 5,
  numPendingTests: 2,
  numTodoTests: 1,
  testResults: [
    { name: '/root/a/open.test.ts', status: 'passed', message: '', assertionResults: [passed] },
    { name: '/root/a/box.test.ts', status: 'failed', message: '', assertionResults: [passed, failed] },
  ],
};

describe('tallyOfVitest', () => {
  it('counts what passed and was left out, and names what failed', () => {
    expect(tallyOfVitest(report, '/root')).toEqual({
      passed: 5,
      failures: ['a/box.test.ts box closes: AssertionError: expected open to be closed'],
      skipped: 3,
    });
  });

  it('says of a test that took too long that it did', () => {
    const late = { ...failed, failureMessages: ['Error: STACK_TRACE_ERROR\n    at box.test.ts:7'] };
    const file = { name: '/root/late.test.ts', status: 'failed', message: '', assertionResults: [late] };
    const { failures } = tallyOfVitest({ ...report, testResults: [file] }, '/root');
    expect(failures).toEqual(['late.test.ts box closes: it timed out']);
  });

  it('names a file that broke outside of its tests', () => {
    const unread = {
      name: '/root/b.test.ts',
      status: 'failed',
      message: 'SyntaxError: no',
      assertionResults: [],
    };
    const unready = {
      ...unread,
      name: '/root/c.test.ts',
      assertionResults: [{ ...passed, status: 'skipped' }],
    };
    const tally = tallyOfVitest({ ...report, testResults: [unread, unready] }, '/root');
    expect(tally.failures).toEqual([
      'b.test.ts as a whole: SyntaxError: no',
      'c.test.ts as a whole: SyntaxError: no',
    ]);
  });
});

describe('sum', () => {
  it('is nothing for no tallies', () => {
    expect(sum([])).toEqual(NOTHING);
  });

  it('adds each count apart, and keeps every name', () => {
    const one = { ...oneFailure('one'), passed: 1, skipped: 3 };
    const other = { ...oneFailure('other'), passed: 1, skipped: 3 };
    expect(sum([one, other])).toEqual({ passed: 2, failures: ['one', 'other'], skipped: 6 });
  });
});
