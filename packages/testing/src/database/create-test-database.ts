import { randomBytes } from 'node:crypto';
import { escapeIdentifier } from 'pg';
import { partUrl } from '../environment.ts';
import { execute, keepConnections, type Row, urlOfDatabase, urlOfService } from './server.ts';
import { ensureTemplate } from './template.ts';

/** A database, and ways to look into it past every wall. */
export interface TestDatabase extends AsyncDisposable {
  readonly name: string;
  /** Of the login role that services use. */
  readonly url: string;
  /** Of the owner: past every wall, for looking and for breaking. */
  readonly ownerUrl: string;
  /** One statement as the owner; its rows, as pg reads them. */
  query(sql: string, values?: readonly unknown[]): Promise<Row[]>;
}

/** A migrated database of the caller's own, copied from the template; dropped when disposed, whoever is connected. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const serverUrl = partUrl('DATABASE_URL');
  return createDatabase(serverUrl, await ensureTemplate(serverUrl));
}

/** A database of the caller's own in which nothing has run yet. */
export async function createEmptyDatabase(): Promise<TestDatabase> {
  return createDatabase(partUrl('DATABASE_URL'), 'template1');
}

async function createDatabase(serverUrl: string, template: string): Promise<TestDatabase> {
  const name = `ironforge_test_${randomBytes(8).toString('hex')}`;
  // By the log, which is what it does untold, a copy costs three times as much of a processor (ADR 0057).
  await execute(
    serverUrl,
    `CREATE DATABASE ${escapeIdentifier(name)} TEMPLATE ${escapeIdentifier(template)} STRATEGY file_copy`,
  );
  const ownerUrl = urlOfDatabase(serverUrl, name);
  const connections = keepConnections(ownerUrl);
  return {
    name,
    ownerUrl,
    url: urlOfService(ownerUrl, 'ironforge_service'),
    query: (sql, values) => connections.query(sql, values),
    [Symbol.asyncDispose]: async () => {
      // Whoever still waits for a lock is ended with it, so the connections are given up last.
      await execute(serverUrl, `DROP DATABASE ${escapeIdentifier(name)} WITH (FORCE)`);
      await connections[Symbol.asyncDispose]();
    },
  };
}
