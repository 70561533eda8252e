import pg from 'pg';
import { expect, test } from 'vitest';
import {
  isConnectionFailure,
  isOverload,
  isSerializationFailure,
  leavesCommitOpen,
  sqlState,
} from './sql-state.ts';

/** An answer of the database, or (a name in words) an error of the socket. */
function withCode(code: string): Error {
  const isState = /\d/.test(code);
  return Object.assign(isState ? new pg.DatabaseError('refused', 0, 'error') : new Error('lost'), { code });
}

test('only five characters of the database are a state', () => {
  expect(sqlState(withCode('40001'))).toBe('40001');
  expect(sqlState(withCode('ECONNRESET'))).toBeNull();
  expect(sqlState(withCode('EPIPE'))).toBeNull();
  expect(sqlState(new Error('40001'))).toBeNull();
  expect(sqlState('40001')).toBeNull();
});

test.each(['40001', '40P01'])('%s is tried again', (code) => {
  expect(isSerializationFailure(withCode(code))).toBe(true);
});

test.each(['40003', '23505', '08006', '57P01', 'ECONNRESET'])('%s is never tried again blindly', (code) => {
  expect(isSerializationFailure(withCode(code))).toBe(false);
});

test.each(['08006', '08003', '57P01', '57P03', '53300', 'ECONNREFUSED', 'ECONNRESET'])(
  '%s means the database is away',
  (code) => {
    expect(isConnectionFailure(withCode(code))).toBe(true);
  },
);

test.each(['55P03', '57014'])('%s means the database is too busy, and not that it is away', (code) => {
  expect(isOverload(withCode(code))).toBe(true);
  expect(isConnectionFailure(withCode(code))).toBe(false);
});

test('what pg says without a code is understood', () => {
  for (const said of [
    'Connection terminated unexpectedly',
    'Client has encountered a connection error and is not queryable',
    'Query read timeout',
  ]) {
    expect(isConnectionFailure(new Error(said))).toBe(true);
    // knex puts the statement before it
    expect(isConnectionFailure(new Error(`SELECT 1 - ${said}`))).toBe(true);
  }
  expect(isConnectionFailure(new Error('SELECT 1 - something else'))).toBe(false);
});

test.each(['40003', '08006', '08007', '57P01', 'ECONNRESET', 'EPIPE'])(
  '%s at COMMIT leaves the outcome open',
  (code) => {
    expect(leavesCommitOpen(withCode(code))).toBe(true);
  },
);

test.each(['40001', '23505', '23514'])('%s at COMMIT is a clear no', (code) => {
  expect(leavesCommitOpen(withCode(code))).toBe(false);
});

test('at COMMIT whatever is not an answer of the database leaves the outcome open', () => {
  expect(leavesCommitOpen(new Error('anything'))).toBe(true);
});
