import { expect, it } from 'vitest';
import { plantFolder, said } from './planted.fixture.ts';
import { types } from './types.ts';

it('names a text that is given where a number is wanted', async () => {
  using planted = plantFolder({ 'packages/a/src/index.ts': "\nexport const count: number = 'three';\n" });
  expect(said(await types.find(planted.tree))).toEqual([
    "packages/a/src/index.ts:2 TS2322 Type 'string' is not assignable to type 'number'.",
  ]);
});

it('holds the strictest reading: an indexed value may be missing', async () => {
  using planted = plantFolder({
    'packages/a/src/index.ts': 'export const first = (all: string[]): string => all[0];\n',
  });
  expect(said(await types.find(planted.tree))).toEqual([expect.stringContaining('TS2322')]);
});

it('says nothing about a sound tree', async () => {
  using planted = plantFolder({ 'packages/a/src/index.ts': 'export const count: number = 3;\n' });
  expect(await types.find(planted.tree)).toEqual([]);
});
