import { execFile } from 'node:child_process';
import { resolve as resolvePath } from 'node:path';
import { ROUTES } from '@ironforge/contracts';
import pg from 'pg';
import { environment } from './environment.ts';
import type { Tenant } from './tenant.ts';

const ironforge = resolvePath(import.meta.dirname, '../../packages/cli/src/main.ts');

/** What `ironforge reconcile` says of a whole chain: each difference, and at last how many. */
export interface Reconciliation {
  readonly code: number;
  readonly lines: readonly unknown[];
}

/** Compares a chain with what is stored of it for a tenant, from the first block on, as its compliance officer would. */
export async function reconcileChain(
  { compliance }: Tenant,
  chainId: string,
  ...options: readonly string[]
): Promise<Reconciliation> {
  const { key } = await compliance.call(ROUTES.createApiKey, { body: { name: 'reconcile' } });
  const env = { ...process.env, IRONFORGE_API_KEY: key };
  const where = ['--chain', chainId, '--from', '0', '--url', environment.gatewayUrl, '--json'];
  return new Promise((done) => {
    const child = execFile(
      process.execPath,
      [ironforge, 'reconcile', ...where, ...options],
      { env },
      (_error, stdout) => {
        const lines = stdout
          .trim()
          .split('\n')
          .map((line): unknown => JSON.parse(line));
        done({ code: child.exitCode ?? -1, lines });
      },
    );
  });
}

/** The installation's database as its owner sees it, to plant what must be found. */
export async function openDatabase(): Promise<pg.Client & AsyncDisposable> {
  const client = new pg.Client({ connectionString: environment.databaseUrl });
  await client.connect();
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() });
}
