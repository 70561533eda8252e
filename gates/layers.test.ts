import { describe, expect, it } from 'vitest';
import { layers } from './layers.ts';
import { saidOf } from './planted.fixture.ts';

describe('layers, in code', () => {
  it.each([
    [
      'packages/contracts/src/a.ts',
      "import type { Store } from '@ironforge/store';",
      'imports @ironforge/store',
    ],
    ['packages/bus/src/a.ts', "export { createCache } from '@ironforge/cache';", 'imports @ironforge/cache'],
    ['packages/store/src/a.ts', "export * from '@ironforge/service-kit';", 'imports @ironforge/service-kit'],
    [
      'services/audit/src/a.ts',
      "const other = await import('@ironforge/identity');",
      'imports @ironforge/identity',
    ],
    [
      'services/audit/src/a.ts',
      "type Other = import('@ironforge/identity').Other;",
      'imports @ironforge/identity',
    ],
    [
      'services/audit/src/a.ts',
      "import { x } from '@ironforge/kernel/src/x.ts';",
      'reaches into @ironforge/kernel',
    ],
    [
      'services/audit/src/a.ts',
      "import { x } from '../../identity/src/x.ts';",
      'reaches out of services/audit by path',
    ],
    ['packages/kernel/src/a.ts', "import { z } from 'zod';", 'imports zod'],
    ['packages/tx-core/src/a.ts', "import { createHash } from 'node:crypto';", 'imports node:crypto'],
    ['services/audit/src/a.ts', "import pg from 'pg';", 'imports the driver pg'],
    ['packages/store/src/a.ts', "import { z } from 'express';", 'imports express'],
    ['e2e/a.e2e.test.ts', "import { createStore } from '@ironforge/store';", 'imports @ironforge/store'],
    [
      'packages/cli/src/a.ts',
      "import { testDatabase } from '@ironforge/testing';",
      'imports @ironforge/testing',
    ],
    ['services/audit/src/a.ts', 'const other = await import(`@ironforge/${name}`);', 'computed at run time'],
    ['packages/novelty/src/a.ts', 'export const one = 1;', 'has no layer'],
  ])('refuses in %s: %s', async (file, text, fault) => {
    expect(await saidOf(layers, { [file]: `\n${text}\n` })).toEqual([expect.stringContaining(fault)]);
  });

  it('allows what points downwards, what a test needs, and paths within a folder', async () => {
    const found = await saidOf(layers, {
      'packages/tx-core/src/a.ts':
        "import { assert } from '@ironforge/kernel';\nimport { b } from './b.ts';\n",
      'packages/tx-core/src/a.test.ts':
        "import fc from 'fast-check';\nimport { readFileSync } from 'node:fs';\n",
      'packages/store/src/a.integration.test.ts': "import { testDatabase } from '@ironforge/testing';\n",
      'services/audit/src/queries/a.ts': "import { c } from '../c.ts';\nimport { z } from 'zod';\n",
    });
    expect(found).toEqual([]);
  });
});

describe('layers, in package.json', () => {
  it('refuses a dependency that the layer may not have, and names its line', async () => {
    const manifest =
      '{\n  "dependencies": {\n    "@ironforge/identity": "workspace:*",\n    "knex": "catalog:"\n  }\n}\n';
    expect(await saidOf(layers, { 'services/audit/package.json': manifest })).toEqual([
      'services/audit/package.json:3 services/audit lists @ironforge/identity in dependencies',
      'services/audit/package.json:4 services/audit lists knex in dependencies',
    ]);
  });

  it('allows testing as a development dependency alone', async () => {
    const lists = (field: string): string =>
      JSON.stringify({ [field]: { '@ironforge/testing': 'workspace:*' } });
    expect(await saidOf(layers, { 'services/audit/package.json': lists('devDependencies') })).toEqual([]);
    expect(await saidOf(layers, { 'services/audit/package.json': lists('dependencies') })).toHaveLength(1);
  });
});
