import { expect, it } from 'vitest';
import { documented } from './documented.ts';
import { saidOf } from './planted.fixture.ts';

it.each([
  ['export function pay(): void {}', 'pay'],
  ['export const LIMIT = 1;', 'LIMIT'],
  ['export interface Fee {\n  wei: bigint;\n}', 'Fee'],
  ['/* not a doc comment */\nexport function pay(): void {}', 'pay'],
  ['/** Speaks of the other. */\nconst other = 1;\nexport function pay(): void {}\npay(other);', 'pay'],
  ['function pay(): void {}\nexport { pay };', 'pay'],
])('refuses %j', async (text, name) => {
  const found = await saidOf(documented, { 'packages/a/src/a.ts': text });
  expect(found).toEqual([expect.stringContaining(`${name} is exported without a doc comment`)]);
});

it('allows documented exports, re-exports, one-line type names, and what tests share', async () => {
  const text =
    "/** Pays. */\nexport function pay(): void {}\nexport type Id = string;\nexport { x } from './x.ts';\nexport * from './y.ts';\n";
  const files = { 'packages/a/src/a.ts': text, 'packages/a/src/a.fixture.ts': 'export const one = 1;\n' };
  expect(await saidOf(documented, files)).toEqual([]);
});
