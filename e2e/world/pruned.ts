import { ROUTES } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import { Client } from 'pg';
import { environment } from './environment.ts';
import type { Tenant } from './tenant.ts';

/** For ever, each of them. */
export const KEPT_FOR_EVER = {
  access: null,
  people: null,
  rules: null,
  transfers: null,
  address_book: null,
  audit: null,
};

/**
 * Makes the sign-ins and keys of a tenant as old as if they had come in long ago, those that can be pruned at once: they are numbered, and in
 * the second copy where there is one. Gives how many there are.
 */
async function ageAccess({ id }: Tenant): Promise<number> {
  const client = new Client({ connectionString: environment.databaseUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query(AGE, [id, environment.immudb !== null]);
    return rowCount ?? 0;
  } finally {
    await client.end();
  }
}

const AGE = `UPDATE audit_entries SET created_at = '2020-01-15T00:00:00Z'
  WHERE tenant_id = $1 AND sequence IS NOT NULL AND type IN ('login_success', 'api_key_created')
    AND (NOT $2::BOOLEAN OR sequence <= (SELECT max(size) FROM audit_copies WHERE tenant_id = $1))`;

/** Has old sign-ins of a tenant pruned; gives the certificate. */
export async function pruneAccess(tenant: Tenant) {
  const { compliance } = tenant;
  const aged = await waitUntil('an old entry', () => ageAccess(tenant));
  await compliance.call(ROUTES.setAuditRetention, { body: { ...KEPT_FOR_EVER, access: 30 } });
  return await waitUntil('a certificate', async () => {
    const { data } = await compliance.call(ROUTES.listDeletionCertificates, { query: { limit: 200 } });
    const count = data.reduce((sum, certificate) => sum + certificate.count, 0);
    return count >= aged && data.at(-1);
  });
}
