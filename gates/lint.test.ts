import { describe, expect, it } from 'vitest';
import { lint } from './lint.ts';
import { plantFolder, said } from './planted.fixture.ts';

const THENABLE = `
interface Builder {
  then(done: (rows: string[]) => void, failed: (error: unknown) => void): void;
}
declare function from(table: string): Builder;
export async function list(): Promise<void> {
  from('wallets');
  await Promise.resolve();
}
`;

describe.each([
  ['a query builder that nobody awaits', THENABLE, 'no-floating-promises', 7],
  [
    'a promise that nobody awaits',
    "export function go(): void {\n  import('./x.ts');\n}\n",
    'no-floating-promises',
    2,
  ],
  ['any', 'export const read = (value: any): void => undefined;\n', 'no-explicit-any', 1],
  ['a cast', 'export const read = (value: unknown) => value as string;\n', 'consistent-type-assertions', 1],
  ['a default export', 'export default 1;\n', 'no-default-export', 1],
  [
    'a fourth parameter',
    'export function f(a: 1, b: 1, c: 1, d: 1): number {\n  return a + b + c + d;\n}\n',
    'max-params',
    1,
  ],
  [
    'a value import of a type',
    "import { A } from './x.ts';\nexport const a: A = 1;\n",
    'consistent-type-imports',
    1,
  ],
  ['a loose comparison', 'export const differs = (a: string, b: string) => a != b;\n', 'eqeqeq', 1],
])('lint', (fault, text, rule, line) => {
  it(`names ${fault}`, async () => {
    using planted = plantFolder({
      'packages/a/src/index.ts': text,
      'packages/a/src/x.ts': 'export type A = 1;\n',
    });
    const found = said(await lint.find(planted.tree));
    expect(found).toContainEqual(
      expect.stringMatching(new RegExp(`^packages/a/src/index.ts:${String(line)} .*${rule}`)),
    );
  });
});

it('names a stubbed import in a test', async () => {
  using planted = plantFolder({
    'packages/a/src/a.test.ts': "import { vi } from 'vitest';\nvi.mock('./x.ts');\n",
  });
  expect(said(await lint.find(planted.tree))).toContainEqual(
    expect.stringContaining('no-restricted-vi-methods'),
  );
});

it('says nothing about a sound tree', async () => {
  using planted = plantFolder({ 'packages/a/src/index.ts': 'export const one = 1;\n' });
  expect(await lint.find(planted.tree)).toEqual([]);
});
