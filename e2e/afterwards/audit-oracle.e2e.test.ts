import { randomBytes, randomUUID } from 'node:crypto';
import { waitUntil } from '@ironforge/testing';
import { Wallet } from 'ethers';
import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { breakOnPurpose } from '../oracle/exempt.ts';
import { consult } from '../oracle/oracle.ts';
import { openDatabase } from '../world/books.ts';
import { publish } from '../world/broker.ts';
import { environment } from '../world/environment.ts';
import { placeAt } from '../world/place.ts';
import { present } from '../world/present.ts';
import { foundTenant, type Tenant } from '../world/tenant.ts';

let tenant: Tenant;
let database: Client & AsyncDisposable;

beforeAll(async () => {
  tenant = await foundTenant();
  breakOnPurpose(tenant.id);
  await placeAt(1).openWallet(tenant, Wallet.createRandom());
  database = await openDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

describe('the oracle, over the log of a tenant with a wallet on a second chain', () => {
  it('has looked at some entries, and finds nothing', async () => {
    const { facts, violations } = await consult({ only: [tenant.id] });
    expect(violations).toEqual([]);
    expect(facts.entries.filter(({ type }) => type === 'wallet_created')).toHaveLength(1);
  });

  it.each([
    ['time', patched({ occurredAt: '2020-01-01T00:00:00.000Z' })],
    ['details', patched({ details: {} })],
    ['type', patched({ type: 'wallet_updated' })],
    ['aggregate', `aggregate = 'wallet:another'`],
    ['version', `aggregate_version = aggregate_version + 1`],
  ])('names an entry that tells another %s than its event', async (field, change) => {
    const { id, found } = await foundAfter(change);
    expect(found).toContain(`I4 ${id} its entry differs from its event in: ${field}`);
  });

  it('names an entry that holds a secret', async () => {
    const key = `ifk_${randomBytes(24).toString('hex')}`;
    const { id, found } = await foundAfter(patched({ details: { name: key } }));
    expect(found).toContain(`I10 ${id} its audit entry holds an API key`);
  });

  it.skipIf(environment.immudb === null).each([
    ['of which something is not in immudb', DROP_COPIES, 'sealed entries, and 0 are copied'],
    ['that was copied in another order', SWAP_COPIES, 'before what comes before that'],
  ])('names a log %s', async (_what, change, words) => {
    await withoutCopier(async () => {
      await database.query(change, [tenant.id]);
      const [line, ...others] = await look();
      expect(line).toMatch(new RegExp(`^I4 ${tenant.id} .*${words}`));
      expect(others).toEqual([]);
      await database.query(DROP_COPIES, [tenant.id]);
    });
    await waitUntil('everything to be copied again', async () => (await look()).length === 0);
  });

  it('names an entry that is numbered and sealed like all others, and that no event tells', async () => {
    const id = randomUUID();
    await forge(id);
    // As long as it has no number, that is named too.
    const found = await waitUntil('the entry to be sealed and named', async () => {
      const lines = await look();
      return lines.length === 1 && lines;
    });
    expect(found).toEqual([`I4 ${id} a login_failed stands in the log, and no event tells it`]);
  });
});

const DROP_COPIES = 'DELETE FROM audit_copies WHERE tenant_id = $1';
/** The first entry is noted as written by a transaction after that of all. */
const SWAP_COPIES = `INSERT INTO audit_copies (tenant_id, database, size, tx_id, tx_hash)
  SELECT tenant_id, database, 1, tx_id + 1, tx_hash FROM audit_copies WHERE tenant_id = $1 ORDER BY size DESC LIMIT 1`;

/** What sets some of an entry's sealed text. */
function patched(change: object): string {
  return `canonical = CAST(CAST(canonical AS JSONB) || '${JSON.stringify(change)}' AS TEXT)`;
}

/** Does something while nobody copies. */
async function withoutCopier(act: () => Promise<void>): Promise<void> {
  await using other = await openDatabase();
  await other.query('BEGIN');
  await other.query('LOCK TABLE audit_copiers IN ACCESS EXCLUSIVE MODE');
  await act();
  await other.query('ROLLBACK');
}

const Row = z.object({ event_id: z.string() });

/** What the oracle says while the entry of the wallet is otherwise; then it is as it was. */
async function foundAfter(change: string) {
  const entry = `tenant_id = $1 AND type = 'wallet_created'`;
  await database.query(`CREATE TEMPORARY TABLE kept AS SELECT * FROM audit_entries WHERE ${entry}`, [
    tenant.id,
  ]);
  try {
    const changed = `UPDATE audit_entries SET ${change} WHERE ${entry} RETURNING event_id`;
    const { rows } = await database.query(changed, [tenant.id]);
    return { id: Row.parse(present(rows[0], 'the entry')).event_id, found: await look() };
  } finally {
    await database.query(`DELETE FROM audit_entries WHERE ${entry}`, [tenant.id]);
    await database.query('INSERT INTO audit_entries SELECT * FROM kept');
    await database.query('DROP TABLE kept');
  }
}

/** A sign-in that no service has told, put into the queue of the audit service alone. */
async function forge(id: string): Promise<void> {
  const event = {
    ...{ specversion: '1.0', id, type: 'session.login_failed', source: 'identity', subject: randomUUID() },
    ...{ time: new Date().toISOString(), datacontenttype: 'application/json', tenantid: tenant.id },
    ...{ aggregateversion: 1, actortype: 'user', actorid: randomUUID(), requestid: randomUUID() },
    data: { userId: null, reason: 'unknown_account' },
  };
  const properties = { message_id: id, delivery_mode: 2, content_type: 'application/json' };
  await publish('amq.default', { routing_key: 'audit', payload: JSON.stringify(event), properties });
}

/** What the oracle says at its first look. */
async function look(): Promise<string[]> {
  const { violations } = await consult({ only: [tenant.id] }, 0);
  return violations.map(({ invariant, id, what }) => `${invariant} ${id} ${what}`);
}
