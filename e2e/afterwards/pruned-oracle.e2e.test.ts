import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { breakOnPurpose } from '../oracle/exempt.ts';
import { consult } from '../oracle/oracle.ts';
import { environment } from '../world/environment.ts';
import { present } from '../world/present.ts';
import { pruneAccess } from '../world/pruned.ts';
import { foundTenant, type Tenant } from '../world/tenant.ts';

let tenant: Tenant;
let database: Client;

beforeAll(async () => {
  tenant = await foundTenant();
  breakOnPurpose(tenant.id);
  database = new Client({ connectionString: environment.databaseUrl });
  await database.connect();
  await pruneAccess(tenant);
});
afterAll(() => database.end());

describe('the oracle, over a log of which entries were pruned', () => {
  it('has looked at some, and finds nothing when all that is gone is certified', async () => {
    const { facts, violations } = await consult({ only: [tenant.id] });
    expect(violations).toEqual([]);
    expect(facts.pruned.length).toBeGreaterThan(0);
  });

  it('names the log when one more is noted as pruned than the certificates cover', async () => {
    const { sequence, eventId } = await lastKept();
    await database.query(NOTE_AS_PRUNED, [tenant.id, sequence]);
    await database.query('DELETE FROM audit_entries WHERE event_id = $1', [eventId]);
    const [uncertified, ...others] = await found();
    expect(uncertified?.id).toBe(tenant.id);
    expect(uncertified?.what).toContain('other entries than those that are gone');
    expect(others).toEqual([]);
    await database.query('DELETE FROM audit_pruned_entries WHERE event_id = $1', [eventId]);
    const told = await found();
    expect(told.find(({ id }) => id === eventId)?.what).toContain('has no audit entry');
    expect(told.map(({ what }) => what)).toContain(
      `is entry ${sequence + 1}, and ${sequence - 1} come before it`,
    );
  });
});

const NOTE_AS_PRUNED = `INSERT INTO audit_pruned_entries (tenant_id, id, sequence, event_id, certificate_id)
  SELECT tenant_id, id, sequence, event_id, (SELECT certificate_id FROM audit_pruned_entries WHERE tenant_id = $1 LIMIT 1)
  FROM audit_entries WHERE tenant_id = $1 AND sequence = $2`;

const Row = z.object({ sequence: z.coerce.number(), event_id: z.string() });

/** The newest entry of an event that is not the last one of the log. */
async function lastKept() {
  const { rows } = await database.query(
    `SELECT sequence, event_id FROM audit_entries WHERE tenant_id = $1 AND type NOT IN ('entries_pruned', 'retention_changed')
       AND sequence < (SELECT max(sequence) FROM audit_entries WHERE tenant_id = $1)
     ORDER BY sequence DESC LIMIT 1`,
    [tenant.id],
  );
  const { sequence, event_id: eventId } = Row.parse(present(rows[0], 'an entry'));
  return { sequence, eventId };
}

/** What the oracle says at its first look. */
async function found() {
  const { violations } = await consult({ only: [tenant.id] }, 0);
  expect(new Set(violations.map(({ invariant }) => invariant))).toEqual(new Set(['I4']));
  return violations.map(({ id, what }) => ({ id, what }));
}
