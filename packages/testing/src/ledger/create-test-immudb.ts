import { randomBytes } from 'node:crypto';
import { ensureDatabase } from '@ironforge/immudb';
import type { ImmudbServer } from './start-immudb.ts';

/** A database of immudb, and how it is reached. */
export interface TestImmudb extends ImmudbServer {
  readonly database: string;
}

/** False where the run has no immudb, as its last line says: what needs one is skipped then. Throws outside of a run. */
export function hasImmudb(): boolean {
  return immudbUrl() !== 'none';
}

/** An empty database of the caller's own, in the server of the run; it goes when the run's data goes. */
export async function createTestImmudb(): Promise<TestImmudb> {
  const server = serverOfRun();
  const database = `test${randomBytes(8).toString('hex')}`;
  await ensureDatabase(server, database);
  return { ...server, database };
}

function serverOfRun(): ImmudbServer {
  const { host, username, password } = new URL(immudbUrl());
  return {
    address: host,
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    serverPublicKey: process.env['IMMUDB_PUBLIC_KEY'] ?? '',
  };
}

function immudbUrl(): string {
  const url = process.env['IMMUDB_URL'];
  if (url === undefined || url === '') throw new Error('IMMUDB_URL is not set: run "./ironforge test"');
  return url;
}
