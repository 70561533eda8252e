import { randomUUID } from 'node:crypto';
import { ROUTES } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import { Client } from 'pg';
import { publish } from './broker.ts';
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

const SIGN_INS = 3;

/**
 * Has the audit service take in sign-ins that failed long ago, as their service would publish them: what an entry tells of must be as
 * old as the entry, or nothing is pruned.
 */
async function publishOldSignIns({ id: tenantid }: Tenant): Promise<void> {
  for (let n = 0; n < SIGN_INS; n += 1) {
    const [id, actorid] = [randomUUID(), randomUUID()];
    const event = {
      ...{ specversion: '1.0', id, type: 'session.login_failed', source: 'identity', subject: actorid },
      ...{ time: '2020-01-14T00:00:00.000Z', datacontenttype: 'application/json', tenantid },
      ...{ aggregateversion: 1, actortype: 'user', actorid, requestid: randomUUID() },
      data: { userId: null, reason: 'unknown_account' },
    };
    const properties = { message_id: id, delivery_mode: 2, content_type: 'application/json' };
    // Into the queue of the audit service alone: who listens to all events compares them with the outbox.
    await publish('amq.default', { routing_key: 'audit', payload: JSON.stringify(event), properties });
  }
}

/**
 * Makes these sign-ins as old as if they had come in when they happened, as soon as they can be pruned at once: they are numbered, and in
 * the second copy where there is one. Says whether all are.
 */
async function ageSignIns({ id }: Tenant): Promise<boolean> {
  const client = new Client({ connectionString: environment.databaseUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query(AGE, [id, environment.immudb !== null]);
    return rowCount === SIGN_INS;
  } finally {
    await client.end();
  }
}

const AGE = `UPDATE audit_entries SET created_at = '2020-01-15T00:00:00Z'
  WHERE tenant_id = $1 AND sequence IS NOT NULL AND type = 'login_failed' AND occurred_at < '2020-02-01T00:00:00Z'
    AND (NOT $2::BOOLEAN OR sequence <= (SELECT max(size) FROM audit_copies WHERE tenant_id = $1))`;

/** Has old sign-ins of a tenant pruned; gives the certificate. */
export async function pruneAccess(tenant: Tenant) {
  const { compliance } = tenant;
  await publishOldSignIns(tenant);
  await waitUntil('old entries', () => ageSignIns(tenant));
  await compliance.call(ROUTES.setAuditRetention, { body: { ...KEPT_FOR_EVER, access: 30 } });
  return await waitUntil('a certificate', async () => {
    const { data } = await compliance.call(ROUTES.listDeletionCertificates, { query: { limit: 200 } });
    const count = data.reduce((sum, certificate) => sum + certificate.count, 0);
    return count >= SIGN_INS && data.at(-1);
  });
}
