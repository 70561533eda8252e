import { expect, test } from 'vitest';
import { createStatementNames } from './statement-names.ts';

const bindings = [1];

test('a text is named when it comes for the second time, and keeps its name', () => {
  const { nameOf } = createStatementNames();
  const names = [1, 2, 3].map(() => nameOf({ sql: 'SELECT a FROM t WHERE b = $1', bindings }));
  expect(names).toEqual([null, 's1', 's1']);
  nameOf({ sql: 'SELECT 2 + $1', bindings });
  expect(nameOf({ sql: 'SELECT 2 + $1', bindings })).toBe('s2');
});

test('what has no values, as BEGIN and COMMIT, is never named', () => {
  const { nameOf } = createStatementNames();
  expect([1, 2, 3].map(() => nameOf({ sql: 'COMMIT' }))).toEqual([null, null, null]);
});

test.each([
  'select * from "t" where "a" = $1',
  'SELECT r.* FROM t r WHERE a = $1',
  'update t set a = $1 returning *',
])('%s is not named, since a new column changes its answer', (sql) => {
  const { nameOf } = createStatementNames();
  expect([1, 2, 3].map(() => nameOf({ sql, bindings }))).toEqual([null, null, null]);
});

test('there is an end to names, and those given stay', () => {
  const { nameOf } = createStatementNames(2);
  const twice = (sql: string) => [nameOf({ sql, bindings }), nameOf({ sql, bindings })][1];
  expect(['a', 'b', 'c'].map(twice)).toEqual(['s1', 's2', null]);
  expect(nameOf({ sql: 'a', bindings })).toBe('s1');
});
