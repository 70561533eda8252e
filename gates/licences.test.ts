import { describe, expect, it } from 'vitest';
import { isAllowedLicence } from './licence-expression.ts';
import { licences } from './licences.ts';
import { plantFolder, said } from './planted.fixture.ts';

const manifest = (name: string, more: object): string => JSON.stringify({ name, version: '1.0.0', ...more });

describe('licences', () => {
  it('names a licence that a dependency of a dependency has, and the way it came in', async () => {
    using planted = plantFolder({
      'packages/a/package.json': manifest('@ironforge/a', {
        license: 'Apache-2.0',
        dependencies: { friendly: '1' },
      }),
      'packages/a/node_modules/friendly/package.json': manifest('friendly', {
        license: 'MIT',
        dependencies: { greedy: '1' },
      }),
      'packages/a/node_modules/greedy/package.json': manifest('greedy', { license: 'AGPL-3.0-only' }),
    });
    expect(said(await licences.find(planted.tree))).toEqual([
      'packages/a/package.json greedy@1.0.0 is under "AGPL-3.0-only", by @ironforge/a@1.0.0 > friendly@1.0.0 > greedy@1.0.0',
    ]);
  });

  it('names a package without a licence, and one that is not installed', async () => {
    using planted = plantFolder({
      'packages/a/package.json': manifest('@ironforge/a', {
        license: 'Apache-2.0',
        dependencies: { silent: '1', absent: '1' },
      }),
      'packages/a/node_modules/silent/package.json': manifest('silent', {}),
    });
    expect(said(await licences.find(planted.tree))).toEqual([
      expect.stringContaining('silent@1.0.0 is under "unknown"'),
      'packages/a/package.json absent is not installed',
    ]);
  });

  it('leaves development dependencies and optional ones of other platforms alone', async () => {
    using planted = plantFolder({
      'packages/a/package.json': manifest('@ironforge/a', {
        license: 'Apache-2.0',
        devDependencies: { greedy: '1' },
        optionalDependencies: { elsewhere: '1' },
      }),
      'packages/a/node_modules/greedy/package.json': manifest('greedy', { license: 'GPL-3.0' }),
    });
    expect(await licences.find(planted.tree)).toEqual([]);
  });
});

describe('isAllowedLicence', () => {
  it.each(['MIT', '(MIT OR GPL-3.0)', 'Apache-2.0 AND MIT', '(BSD-3-Clause AND MIT) OR GPL-2.0'])(
    'allows %s',
    (expression) => {
      expect(isAllowedLicence(expression)).toBe(true);
    },
  );

  it.each(['GPL-3.0', 'MIT AND GPL-3.0', 'BUSL-1.1', 'UNLICENSED', 'SEE LICENSE IN LICENSE.md', ''])(
    'refuses %j',
    (expression) => {
      expect(isAllowedLicence(expression)).toBe(false);
    },
  );
});
