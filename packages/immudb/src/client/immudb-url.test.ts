import { expect, it } from 'vitest';
import { formatImmudbUrl, parseImmudbUrl } from './immudb-url.ts';

const place = { address: 'ledger.example:3399', database: 'audit', user: 'wri:ter', password: 'w@rd/%:é' };

it('reads back what it wrote, whatever the password holds', () => {
  expect(parseImmudbUrl(formatImmudbUrl(place))).toEqual(place);
});

it('reads back that it is encrypted', () => {
  const url = formatImmudbUrl({ ...place, tls: true });
  expect(url).toMatch(/^immudbs:/);
  expect(parseImmudbUrl(url)).toEqual({ ...place, tls: true });
});

it('knows what is left out', () => {
  expect(parseImmudbUrl('immudb://ledger.example')).toEqual({
    address: 'ledger.example:3322',
    database: 'ironforge',
    user: 'immudb',
    password: '',
  });
});

it.each(['', 'none', 'http://ledger.example/audit', 'immudb:///audit', 'immudb://a:%@ledger.example/audit'])(
  'does not read %j',
  (text) => {
    expect(parseImmudbUrl(text)).toBeNull();
  },
);
