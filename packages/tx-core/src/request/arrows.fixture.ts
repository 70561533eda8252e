import { expect } from 'vitest';
import type { Command } from './command.ts';
import { decide } from './decide.ts';
import type { Event } from './event.ts';
import { fold } from './evolve.ts';
import { NOW_MS, SITUATIONS } from './situations.ts';
import { outcomeText } from './transition-table.ts';

/** Expects an outcome, and gives the history that it makes. */
export function when(
  given: readonly Event[],
  command: Command,
  then: string,
  nowMs = NOW_MS,
): readonly Event[] {
  const state = fold(given);
  expect(outcomeText(command, state, { nowMs })).toBe(then);
  const outcome = decide(command, state, { nowMs });
  return 'accepted' in outcome ? [...given, ...outcome.accepted] : given;
}

/** The history that leads to one of the situations. */
export function situation(name: string): readonly Event[] {
  const found = SITUATIONS.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no situation ${name}`);
  return found.given;
}
