import { expect, test } from 'vitest';
import { decide } from './decide.ts';
import { fold } from './evolve.ts';
import { EXAMPLES } from './example-commands.ts';
import { SITUATIONS } from './situations.ts';
import { STATUSES } from './status.ts';
import { printTransitionTable } from './transition-table.ts';

// After a change of the machine: read the new table (`vitest run packages/tx-core -u` writes it), then commit it.
test('the printed table of every situation and command is the one in the docs', async () => {
  await expect(printTransitionTable()).toMatchFileSnapshot('../../../../docs/transitions.md');
});

test('the table has every status and every variant of every command', () => {
  const statuses = new Set(SITUATIONS.map(({ given }) => fold(given).status));
  expect([...statuses].toSorted()).toEqual(STATUSES.toSorted());
  expect(new Set(EXAMPLES.map((one) => `${one.command.type}/${one.with}`)).size).toBe(EXAMPLES.length);
});

test('whatever is accepted raises the version by one for each event', () => {
  for (const { given, outcome } of everyPair()) {
    if ('rejected' in outcome) continue;
    const state = fold(given);
    expect(fold(outcome.accepted, state).version).toBe(state.version + outcome.accepted.length);
  }
});

test('once signed bytes are stored, only the chain ends a request', () => {
  for (const { given, command, outcome } of everyPair()) {
    const state = fold(given);
    if (state.status !== 'signed' || 'rejected' in outcome) continue;
    const next = fold(outcome.accepted, state);
    const ended = ['confirmed', 'failed', 'cancelled', 'expired', 'rejected'].includes(next.status);
    expect(!ended || ['observe', 'adopt', 'spendOutside'].includes(command.type)).toBe(true);
  }
});

test('what is final changes no more', () => {
  const final = SITUATIONS.filter(({ given }) => fold(given).finalized);
  expect(final.length).toBeGreaterThan(0);
  for (const { given } of final) {
    for (const { command, facts } of EXAMPLES) {
      const outcome = decide(command, fold(given), facts);
      expect('rejected' in outcome || outcome.accepted.length === 0).toBe(true);
    }
  }
});

test('the same observation twice, or an older one after it, changes nothing', () => {
  for (const { given, command, facts, outcome } of everyPair()) {
    if (!('version' in command) || 'rejected' in outcome) continue;
    const state = fold(outcome.accepted, fold(given));
    const again = decide(command, state, facts);
    expect('rejected' in again || again.accepted.length === 0).toBe(true);
  }
});

function everyPair() {
  return SITUATIONS.flatMap(({ given }) =>
    EXAMPLES.map(({ command, facts }) => ({
      given,
      command,
      facts,
      outcome: decide(command, fold(given), facts),
    })),
  );
}
