import { expect, it } from 'vitest';
import { forms } from './forms.ts';
import { saidOf } from './planted.fixture.ts';

it.each([
  ['enum Colour { Red }', 'an enum'],
  ['namespace Colours { export const red = 1; }', 'a namespace'],
  ['class Service { start() {} }', 'a class that is no error'],
  ['@injectable class Fault extends Error {}', 'a decorator'],
  [
    'class Fault extends Error { constructor(readonly code: string) { super(code); } }',
    'a parameter property',
  ],
  ['export = 1;', 'export ='],
  ['// oxlint-disable-next-line no-console\nconsole.log(1);', 'a rule is switched off without a reason'],
  ['// @ts-expect-error\nexport const one: string = 1;', 'a rule is switched off without a reason'],
])('refuses %s', async (text, fault) => {
  expect(await saidOf(forms, { 'packages/a/src/a.ts': text })).toEqual([`packages/a/src/a.ts:1 ${fault}`]);
});

it('allows errors, and a rule that is switched off with a reason', async () => {
  const text = `
    class Fault extends Error {}
    // oxlint-disable-next-line no-console -- the launcher speaks to a person here
    console.log(Fault);
  `;
  expect(await saidOf(forms, { 'packages/a/src/a.ts': text })).toEqual([]);
});
