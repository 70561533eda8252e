import { expect, it } from 'vitest';
import { DEVELOPMENT_USERS } from '../development-users.ts';
import { listedUsers } from './listed-users.ts';

const ACCOUNTS = Object.fromEntries(
  DEVELOPMENT_USERS.map(({ name }) => [name, { id: null, password: name, apiKey: `ifk_${name}` }]),
);

it('names everybody with password and key but those who were left out, so that no script takes a dead key', () => {
  const leftOut = [{ email: 'signer@ironforge.example', reason: 'suspended' }];
  const listed = listedUsers({ accounts: ACCOUNTS }, leftOut);
  expect(listed).toHaveLength(DEVELOPMENT_USERS.length - 1);
  expect(listed).toContainEqual(
    expect.objectContaining({ email: 'admin@ironforge.example', apiKey: 'ifk_admin' }),
  );
  expect(listed).not.toContainEqual(expect.objectContaining({ email: 'signer@ironforge.example' }));
});
