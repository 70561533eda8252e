import { expect, it } from 'vitest';
import { names } from './names.ts';
import { saidOf } from './planted.fixture.ts';

it.each([
  ['packages/a/src/utils.ts', 'the name says "utils"'],
  ['packages/a/src/date-helper.ts', 'the name says "helper"'],
  ['services/a/src/common/thing.ts', 'the name says "common"'],
  ['services/a/src/nonce-manager.ts', 'the name says "manager"'],
  ['services/a/src/nonceLane.ts', 'the name is not in kebab-case'],
  ['migrations/1_things.up.sql', 'no name of a migration'],
  ['migrations/0001_create_things.up.sql', 'there is no way back'],
])('refuses %s', async (file, fault) => {
  expect(await saidOf(names, { [file]: '' })).toEqual([`${file} ${fault}`]);
});

it('allows names that speak, also where a refused word is a part of another', async () => {
  const files = [
    'services/a/src/uncommon-fees.ts',
    'migrations/0001_create_a.postgres.up.sql',
    'migrations/0001_create_a.down.sql',
  ];
  expect(await saidOf(names, Object.fromEntries(files.map((file) => [file, ''])))).toEqual([]);
});
