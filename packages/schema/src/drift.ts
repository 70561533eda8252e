import { randomBytes } from 'node:crypto';
import { escapeIdentifier } from 'pg';
import { schemaFingerprint } from './fingerprint.ts';
import { withConnection } from './migration/connection.ts';
import { migrateUp } from './migration/migrate-up.ts';

/** What a live schema lacks, and what it has beyond the migrations; both empty when it is as it should be. */
export interface SchemaDrift {
  readonly missing: readonly string[];
  readonly unexpected: readonly string[];
}

/** Compares a live schema with the one that the migrations make, in a scratch database. `url` is the owner's. */
export async function schemaDrift(url: string): Promise<SchemaDrift> {
  const live = await schemaFingerprint(url);
  const wanted = await withScratchDatabase(url, async (scratch) => {
    await migrateUp(scratch);
    return schemaFingerprint(scratch);
  });
  return {
    missing: wanted.lines.filter((line) => !live.lines.includes(line)),
    unexpected: live.lines.filter((line) => !wanted.lines.includes(line)),
  };
}

async function withScratchDatabase<T>(url: string, work: (scratchUrl: string) => Promise<T>): Promise<T> {
  const name = `ironforge_scratch_${randomBytes(6).toString('hex')}`;
  const scratch = new URL(url);
  scratch.pathname = `/${name}`;
  await withConnection(url, (client) => client.query(`CREATE DATABASE ${escapeIdentifier(name)}`));
  try {
    return await work(scratch.href);
  } finally {
    await withConnection(url, (client) => client.query(`DROP DATABASE ${escapeIdentifier(name)}`));
  }
}
