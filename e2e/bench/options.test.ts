import { expect, it } from 'vitest';
import { readOptions } from './options.ts';

it.each([
  [[], { runs: 5, transfers: 1_000 }],
  [['--quick'], { runs: 1, transfers: 60 }],
  [['--runs', '3', '--transfers', '7'], { runs: 3, transfers: 7 }],
])('%j is so many runs of so many transfers', (args, wanted) => {
  expect(readOptions(args)).toMatchObject(wanted);
});

it.each([
  ['--runs 0', '--runs is a whole number from 1 on, not "0"'],
  ['--transfers many', '--transfers is a whole number from 1 on, not "many"'],
  ['--quick --runs 3', '--quick is one run of 60 transfers: leave out --runs and --transfers'],
  ['--quick --transfers 9', '--quick is one run of 60 transfers: leave out --runs and --transfers'],
  ['--rows hot-wallet,relay', 'hot-wallet builds on the rate of P: --rows P,hot-wallet,relay'],
  ['--quick --document', '--document needs whole runs: leave out --quick'],
])('%s is refused with a sentence', (line, sentence) => {
  expect(() => readOptions(line.split(' '))).toThrow(sentence);
});
