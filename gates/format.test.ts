import { expect, it } from 'vitest';
import { format } from './format.ts';
import { plantFolder, said } from './planted.fixture.ts';

it('names a file that biome would print otherwise, and a file it cannot read', async () => {
  using planted = plantFolder({
    'packages/a/src/wide.ts': 'export const  one = "1"\n',
    'packages/a/src/broken.ts': 'export const = ;\n',
    'packages/a/src/sound.ts': "export const one = '1';\n",
  });
  const found = said(await format.find(planted.tree));
  expect(found).toContain('packages/a/src/wide.ts is not formatted');
  expect(found).toContainEqual(expect.stringMatching(/^packages\/a\/src\/broken\.ts cannot be formatted/));
  expect(found.filter((text) => text.includes('sound'))).toEqual([]);
});
