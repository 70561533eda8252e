import { expect, it } from 'vitest';
import { plantFolder, said } from './planted.fixture.ts';
import { unused } from './unused.ts';

const SETTINGS = { entry: ['src/index.ts'], project: ['src/**/*.ts'] };

it('names an unused file, an unused export, an unused and an unlisted dependency', async () => {
  using planted = plantFolder({
    'package.json': JSON.stringify({ name: 'planted', dependencies: { zod: '4.6.7' } }),
    'knip.json': JSON.stringify(SETTINGS),
    'src/index.ts': "import 'left-pad';\nimport { used } from './part.ts';\nused();\n",
    'src/part.ts': 'export const used = (): number => 1;\nexport const idle = 2;\n',
    'src/forgotten.ts': 'export const nobody = 3;\n',
  });
  expect(said(await unused.find(planted.tree)).toSorted()).toEqual([
    'package.json dependencies: zod',
    'src/forgotten.ts files: src/forgotten.ts',
    'src/index.ts:1 unlisted: left-pad',
    'src/part.ts:2 exports: idle',
  ]);
});

it('says nothing about a tree where everything is used', async () => {
  using planted = plantFolder({
    'package.json': JSON.stringify({ name: 'planted' }),
    'knip.json': JSON.stringify(SETTINGS),
    'src/index.ts': 'export const one = 1;\n',
  });
  expect(await unused.find(planted.tree)).toEqual([]);
});
