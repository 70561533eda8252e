import { randomUUID } from 'node:crypto';
import { createTestDatabase } from '@ironforge/testing';
import { Client } from 'pg';
import { expect, it } from 'vitest';
import { createLogReader } from './log-reader.ts';
import { refuseUnknown } from './refuse-unknown.ts';

it('takes a tenant whose log is gone, and a log whose tenant is gone, for known, and no other', async () => {
  await using database = await createTestDatabase();
  await using client = await connected(database.ownerUrl);
  const [tenant, log, nobody] = [randomUUID(), randomUUID(), randomUUID()];
  await database.query(
    `INSERT INTO tenants (id, name, plan, max_wallets, max_transactions_per_day, api_rate_limit, version)
     VALUES ($1, 'Ours', 'free', 1, 1, 1, 1)`,
    [tenant],
  );
  await database.query(
    'INSERT INTO audit_sequencers (tenant_id, last_sequence, sealed_size, fence) VALUES ($1, 3, 3, 0)',
    [log],
  );
  const refuse = (id: string) => refuseUnknown(createLogReader(client, id), id);
  await refuse(tenant);
  await refuse(log);
  await expect(refuse(nobody)).rejects.toThrow(`There is no log of tenant ${nobody}`);
});

async function connected(url: string) {
  const client = new Client({ connectionString: url });
  await client.connect();
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() });
}
