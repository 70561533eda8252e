import { createHash } from 'node:crypto';
import type { Client } from 'pg';
import { withConnection } from './migration/connection.ts';

/** A schema as sorted lines of text, one a fact, and their SHA-256: equal lines mean equal schemas. */
export interface SchemaFingerprint {
  readonly hash: string;
  readonly lines: readonly string[];
}

/** Reads tables, columns, constraints, indexes, views, row-level security and grants of a live database. */
export async function schemaFingerprint(url: string): Promise<SchemaFingerprint> {
  const lines = await withConnection(url, readFacts);
  return { hash: createHash('sha256').update(lines.join('\n')).digest('hex'), lines };
}

const OURS = `NOT IN ('schema_migrations', 'schema_lock')`;

const FACTS = [
  `SELECT concat_ws(' ', 'column', table_name, column_name, data_type, character_maximum_length, numeric_precision,
     numeric_scale, 'nullable=' || is_nullable, 'default=' || column_default) AS fact
   FROM information_schema.columns WHERE table_schema = 'public' AND table_name ${OURS}`,
  `SELECT concat_ws(' ', 'constraint', c.relname, k.conname, pg_get_constraintdef(k.oid)) AS fact
   FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE n.nspname = 'public' AND c.relname ${OURS}`,
  `SELECT concat_ws(' ', 'index', indexdef) AS fact
   FROM pg_indexes WHERE schemaname = 'public' AND tablename ${OURS}`,
  `SELECT concat_ws(' ', 'view', table_name, view_definition) AS fact
   FROM information_schema.views WHERE table_schema = 'public'`,
  `SELECT concat_ws(' ', 'security', c.relname, c.relrowsecurity, c.relforcerowsecurity) AS fact
   FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relname ${OURS}`,
  `SELECT concat_ws(' ', 'policy', tablename, policyname, permissive, roles, cmd, qual, with_check) AS fact
   FROM pg_policies WHERE schemaname = 'public'`,
  `SELECT concat_ws(' ', 'grant', table_name, grantee, privilege_type) AS fact
   FROM information_schema.role_table_grants
   WHERE table_schema = 'public' AND grantee LIKE 'ironforge_%' AND grantee <> grantor AND table_name ${OURS}`,
  `SELECT concat_ws(' ', 'column grant', table_name, column_name, grantee, privilege_type) AS fact
   FROM information_schema.role_column_grants
   WHERE table_schema = 'public' AND grantee LIKE 'ironforge_%' AND grantee <> grantor AND table_name ${OURS}`,
];

async function readFacts(client: Client): Promise<string[]> {
  const lines: string[] = [];
  for (const sql of FACTS) {
    const { rows } = await client.query<{ fact: string }>(sql);
    lines.push(...rows.map(({ fact }) => fact));
  }
  return lines.toSorted();
}
