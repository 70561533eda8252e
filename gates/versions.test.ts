import { expect, it } from 'vitest';
import { plantFolder, said } from './planted.fixture.ts';
import { versions } from './versions.ts';

const ROOT = { name: 'planted', private: true, packageManager: 'pnpm@12.0.0' };

it('names a dependency that has two versions, and a package.json that is out of order', async () => {
  using planted = plantFolder({
    'package.json': JSON.stringify(ROOT),
    'pnpm-workspace.yaml': 'packages:\n  - packages/*\n',
    'packages/a/package.json': JSON.stringify({
      name: 'a',
      private: true,
      dependencies: { zod: '4.0.0', pg: '8.0.0' },
    }),
    'packages/b/package.json': JSON.stringify({ name: 'b', private: true, dependencies: { zod: '3.0.0' } }),
  });
  const found = await versions.find(planted.tree);
  expect(found.map(({ fix }) => fix)).toContainEqual(expect.stringMatching(/^multiple-dependency-versions/));
  expect(said(found)).toContainEqual(expect.stringMatching(/^packages\/a\/package\.json .*alphabetically/));
});
