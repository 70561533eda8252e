import { TOPOLOGY } from '@ironforge/bus';
import { COMMANDS, EVENTS } from '@ironforge/contracts';
import { expect, it } from 'vitest';

const patterns = TOPOLOGY.eventQueues.flatMap(({ bind }) => bind);

it.each(Object.keys(EVENTS))(
  '%s reaches a queue: what nobody reads would stay in its outbox for ever',
  (type) => {
    expect(patterns.some((pattern) => matches(pattern, type))).toBe(true);
  },
);

it.each(Object.keys(COMMANDS))('%s has a queue for each family of chains', (command) => {
  expect(TOPOLOGY.commandQueues.map(({ queue }) => queue)).toContain(`${command}.evm`);
});

const heard = TOPOLOGY.processQueues.flatMap(({ bind }) => bind);

it.each([...patterns, ...heard])('%s is a binding that some event takes', (pattern) => {
  expect(Object.keys(EVENTS).some((type) => matches(pattern, type))).toBe(true);
});

/** A topic exchange's `*` stands for exactly one word (AMQP 0-9-1, section 3.1.3.3). */
function matches(pattern: string, type: string): boolean {
  const words = type.split('.');
  const wanted = pattern.split('.');
  return wanted.length === words.length && wanted.every((word, at) => word === '*' || word === words[at]);
}
