import { hash } from 'node:crypto';
import { query } from '../probe/database.ts';

/** An entry by its bytes. */
export interface LedgerRow {
  readonly canonical: string;
  readonly details: string;
}

/** Rows of these bytes, with one hash each, that the bare database takes a second: a batch is one statement, committed by itself. */
export async function rawLedgerWrites(rows: readonly LedgerRow[], batch: number): Promise<number> {
  await query('CREATE SCHEMA IF NOT EXISTS bench');
  await query('DROP TABLE IF EXISTS bench.ledger');
  await query(TABLE);
  const startedAt = performance.now();
  for (let from = 0; from < rows.length; from += batch) await write(rows.slice(from, from + batch), from);
  const perSecond = (rows.length * 1_000) / (performance.now() - startedAt);
  await query('DROP TABLE bench.ledger');
  return perSecond;
}

async function write(rows: readonly LedgerRow[], from: number): Promise<void> {
  await query(INSERT, [
    rows.map((_, index) => from + index + 1),
    rows.map(({ canonical }) => canonical),
    rows.map(({ details }) => details),
    rows.map(({ canonical }) => hash('sha256', Buffer.concat([LEAF, Buffer.from(canonical)]), 'buffer')),
  ]);
}

/** RFC 9162, 2.1.1. */
const LEAF = Buffer.of(0);

const TABLE = `
  CREATE TABLE bench.ledger (sequence INT8 PRIMARY KEY, canonical TEXT NOT NULL, details JSONB NOT NULL, leaf BYTEA NOT NULL)`;
const INSERT = `
  INSERT INTO bench.ledger (sequence, canonical, details, leaf)
  SELECT * FROM unnest($1::INT8[], $2::TEXT[], $3::JSONB[], $4::BYTEA[])`;
