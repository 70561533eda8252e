import { expect, test } from 'vitest';
import { splitStatements } from './split-statements.ts';

test('statements end at semicolons', () => {
  expect(splitStatements('CREATE TABLE a (x INT4); DROP TABLE a;')).toEqual([
    'CREATE TABLE a (x INT4)',
    'DROP TABLE a',
  ]);
});

test('a semicolon in a string, an identifier or a comment ends nothing', () => {
  const sql = `SELECT ';it''s;' AS "a;b" -- and; so on\nFROM t`;
  expect(splitStatements(sql)).toEqual([sql]);
});

test('a dollar-quoted body stays whole', () => {
  const body = 'DO $$ BEGIN PERFORM 1; END $$';
  expect(splitStatements(`${body}; SELECT 1`)).toEqual([body, 'SELECT 1']);
});

test('the tag of a dollar quote decides where it ends', () => {
  const body = 'DO $a$ SELECT $$;$$; $a$';
  expect(splitStatements(`${body};`)).toEqual([body]);
});

test('what holds only comments is no statement', () => {
  expect(splitStatements('-- nothing here;\n;\n-- nor here')).toEqual([]);
});
