import { describe, expect, it } from 'vitest';
import { saidOf } from './planted.fixture.ts';
import { sql } from './sql.ts';

const FAULTS = [
  ['SELECT pg_advisory_xact_lock(1)', 'an advisory lock: pg_advisory_xact_lock'],
  ['LISTEN wallets', 'LISTEN or NOTIFY: LISTEN'],
  ["SELECT pg_notify('a', 'b')", 'LISTEN or NOTIFY: pg_notify'],
  ['ALTER TABLE a ADD CONSTRAINT b UNIQUE (c) DEFERRABLE', 'a deferrable constraint: DEFERRABLE'],
  ['CREATE INDEX a ON b (c) INCLUDE (d)', 'an INCLUDE index: INCLUDE ('],
  ['CREATE TABLE a (id BIGSERIAL)', 'a sequence: BIGSERIAL'],
  ["SELECT nextval('a')", 'a sequence: nextval('],
  ['CREATE TABLE a (id INT8 GENERATED ALWAYS AS IDENTITY)', 'a sequence: AS IDENTITY'],
  ['CREATE DOMAIN amount AS NUMERIC(78,0)', 'a domain: CREATE DOMAIN'],
  ['CREATE TABLE a (EXCLUDE USING gist (b WITH =))', 'an exclusion constraint: EXCLUDE USING'],
  ['CREATE TABLE a (b INT)', 'an integer whose size differs by engine: INT'],
  ['SELECT a::bigint FROM b', 'an integer whose size differs by engine: bigint'],
  ['SELECT a FROM b FOR UPDATE SKIP LOCKED', 'SKIP LOCKED: SKIP LOCKED'],
] as const;

describe('sql that both engines run', () => {
  it.each(FAULTS)('refuses in a migration: %s', async (text, fault) => {
    expect(await saidOf(sql, { 'migrations/0001_a.up.sql': `-- a\n${text};\n` })).toEqual([
      `migrations/0001_a.up.sql:2 ${fault}`,
    ]);
  });

  it.each(FAULTS)('refuses in code: %s', async (text, fault) => {
    const file = 'packages/store/src/a.ts';
    expect(await saidOf(sql, { [file]: `\nexport const a = \`\n${text}\`;\n` })).toEqual([
      `${file}:3 ${fault}`,
    ]);
  });

  it('refuses a fragment in a raw call, and skipLocked of the builder', async () => {
    const text = "tx('a').whereRaw('b::integer = ?', [1]);\ntx('a').forUpdate().skipLocked();\n";
    expect(await saidOf(sql, { 'services/audit/src/a.ts': text })).toEqual([
      'services/audit/src/a.ts:1 an integer whose size differs by engine: integer',
      'services/audit/src/a.ts:2 calls skipLocked()',
    ]);
  });

  it('allows sized integers, words in comments and quotes, prose, and a migration named for one engine', async () => {
    const found = await saidOf(sql, {
      'migrations/0001_a.up.sql':
        "-- no SERIAL, no INT\nCREATE TABLE a (b INT4, sequence INT8, c TEXT CHECK (c IN ('INT')));\n",
      'migrations/0002_a.postgres.up.sql': 'CREATE TABLE a (b INT);\n',
      'services/audit/src/a.ts': "log.info({}, 'an INT of the caller');\nerror.toString();\n",
    });
    expect(found).toEqual([]);
  });
});
