import type { TenantId } from '@ironforge/kernel';
import type { Tx } from '@ironforge/store';
import type { Entry } from '../entry/entry.ts';
import { type Numbering, toRow } from './audit-entries.ts';

/**
 * Stores these entries with the numbers that they get, in the same order, travelling with COMMIT: the transaction fails when one of
 * them is stored already.
 */
export function sendNumbered(entries: readonly Entry[]) {
  return (tx: Tx, tenantId: TenantId, numberings: readonly Numbering[]): void => {
    const rows = entries.map(toRow);
    const columns = COLUMNS.map(([column]) => [column, rows.map((row) => row[column])] as const);
    tx.send(
      tx.raw(INSERT, {
        tenantId,
        ...Object.fromEntries(columns),
        sequences: numberings.map(({ sequence }) => sequence),
        texts: numberings.map(({ canonical }) => canonical),
        terms: numberings.map(({ terms }) => terms.join(' ')),
      }),
    );
  };
}

/** What is stored of an entry beside its tenant, as what it travels, and what becomes of it: CockroachDB has no arrays of JSON. */
const COLUMNS = [
  ['id', 'UUID'],
  ['event_id', 'UUID'],
  ['aggregate', 'TEXT'],
  ['aggregate_version', 'INT4'],
  ['type', 'TEXT'],
  ['resource_type', 'TEXT'],
  ['resource_id', 'TEXT'],
  ['action', 'TEXT'],
  ['status', 'TEXT'],
  ['actor_type', 'TEXT'],
  ['actor_id', 'TEXT'],
  ['authority', 'TEXT', 'JSONB'],
  ['request_id', 'TEXT'],
  ['chain_id', 'TEXT'],
  ['tx_hash', 'TEXT'],
  ['occurred_at', 'TIMESTAMPTZ'],
  ['details', 'TEXT', 'JSONB'],
  ['personal', 'TEXT', 'JSONB'],
] as const;
const LISTED = COLUMNS.map(([column]) => column).join(', ');
const ARRAYS = COLUMNS.map(([column, type]) => `:${column}::${type}[]`).join(', ');
const VALUES = COLUMNS.map(([column, type, stored = type]) => `CAST(${column} AS ${stored})`).join(', ');
/** One text for any number of entries, so that it is parsed and planned once. */
const INSERT = `
  INSERT INTO audit_entries (tenant_id, ${LISTED}, sequence, canonical, search_terms)
  SELECT :tenantId, ${VALUES}, sequence, canonical, string_to_array(terms, ' ')
  FROM unnest(${ARRAYS}, :sequences::INT8[], :texts::TEXT[], :terms::TEXT[]) AS n (${LISTED}, sequence, canonical, terms)`;
