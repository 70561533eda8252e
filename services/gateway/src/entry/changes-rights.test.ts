import { type Route, ROUTES } from '@ironforge/contracts';
import { expect, it } from 'vitest';
import { changesRights } from './changes-rights.ts';

const named = Object.entries<Route>(ROUTES);

it('is said of everything that writes in identity', () => {
  const writing = named.filter(([, { service, method }]) => service === 'identity' && method !== 'GET');
  expect(writing.map(([name]) => name)).toEqual(
    expect.arrayContaining(['logout', 'refresh', 'updateUser', 'updateTenant', 'deleteApiKey', 'resetTotp']),
  );
  for (const [name, route] of writing) expect([name, changesRights(route)]).toEqual([name, true]);
});

it('is said of reading and deciding changes, and of nothing else outside identity', () => {
  const others = named.filter(([, route]) => route.service !== 'identity' && changesRights(route));
  expect(others.map(([name]) => name).toSorted()).toEqual([
    'cancelChange',
    'decideChange',
    'getChange',
    'listChanges',
  ]);
  expect(changesRights(ROUTES.getMe)).toBe(false);
});
