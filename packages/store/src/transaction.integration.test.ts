import { inspect } from 'node:util';
import { createFaultProxy } from '@ironforge/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  codeOf,
  countOf,
  counts,
  createStoreFixture,
  newTenant,
  type Rows,
  type StoreFixture,
} from './store.fixture.ts';
import type { Tx } from './transaction.ts';

let fixture: StoreFixture;
beforeAll(async () => {
  fixture = await createStoreFixture();
});
afterAll(() => fixture[Symbol.asyncDispose]());

describe('what a transaction is', () => {
  test('it is serializable, in the role of services, with the tenant set for it alone', async () => {
    const tenantId = newTenant();
    const ask = async (tx: Tx) =>
      (
        await tx.raw<Rows>(`SELECT current_user::text AS role, NULLIF(current_setting('ironforge.tenant', true), '') AS tenant,
        current_setting('transaction_isolation') AS isolation`)
      ).rows[0];
    expect(await fixture.store.forTenant(tenantId).transaction(ask)).toEqual({
      role: 'ironforge_app',
      tenant: tenantId,
      isolation: 'serializable',
    });
    expect(await fixture.store.system('health').transaction(ask, { isolation: 'read committed' })).toEqual({
      role: 'ironforge_system',
      tenant: null,
      isolation: 'read committed',
    });
  });

  test('whole numbers beyond 2^53 arrive as they are', async () => {
    const sql = 'SELECT ?::INT8 AS height, ?::NUMERIC(78,0) AS amount, 7::INT4 AS count';
    const sent = [String(2n ** 62n), String(2n ** 256n - 1n)];
    const row = await fixture.store
      .system('health')
      .transaction(async (tx) => (await tx.raw<Rows>(sql, sent)).rows[0]);
    expect(row).toEqual({ height: 2n ** 62n, amount: 2n ** 256n - 1n, count: 7 });
  });

  test('the time-outs of the data page are in force', async () => {
    const { rows } = await fixture.store.system('health').transaction((tx) =>
      tx.raw<Rows>(`SELECT current_setting('statement_timeout') AS statement, current_setting('lock_timeout') AS lock,
        current_setting('idle_in_transaction_session_timeout') AS idle`),
    );
    expect(rows[0]).toEqual({ statement: '30s', lock: '10s', idle: '1min' });
  });

  test('one with one statement costs two round trips, since its opening is not waited for', async () => {
    await using proxy = await createFaultProxy(fixture.database.url);
    const store = fixture.open({ url: proxy.urlFor(fixture.database.url), pool: { min: 1, max: 1 } });
    const tenantId = newTenant();
    const scope = store.forTenant(tenantId);
    await scope.transaction((tx) => counts.read(tx, tenantId)); // opens the connection
    const before = proxy.roundTrips();
    await scope.transaction((tx) => counts.read(tx, tenantId));
    expect(proxy.roundTrips() - before).toBe(2);
  });

  test('what only reads costs one round trip, however many statements it has', async () => {
    await using proxy = await createFaultProxy(fixture.database.url);
    const store = fixture.open({ url: proxy.urlFor(fixture.database.url), pool: { min: 1, max: 1 } });
    const tenantId = newTenant();
    const scope = store.forTenant(tenantId);
    await scope.transaction((tx) => counts.insert(tx, tenantId));
    const [before, counted] = [proxy.roundTrips(), store.stats().roundTrips];
    const both = (tx: Tx) => Promise.all([counts.read(tx, tenantId), counts.read(tx, tenantId)]);
    expect(await scope.read(both)).toEqual([0, 0]);
    expect(proxy.roundTrips() - before).toBe(1);
    expect(store.stats().roundTrips - counted).toBe(1);
  });

  test('what only reads can neither write nor ask again', async () => {
    const tenantId = newTenant();
    const scope = fixture.store.forTenant(tenantId);
    expect(await codeOf(scope.read((tx) => counts.insert(tx, tenantId)))).toBe('25006');
    const twice = async (tx: Tx) => [await counts.read(tx, tenantId), await counts.read(tx, tenantId)];
    await expect(scope.read(twice)).rejects.toThrow('Transaction query already complete');
    expect(await countOf(scope, tenantId)).toBeUndefined();
  });

  test('what is sent without waiting travels with COMMIT', async () => {
    await using proxy = await createFaultProxy(fixture.database.url);
    const store = fixture.open({ url: proxy.urlFor(fixture.database.url), pool: { min: 1, max: 1 } });
    const tenantId = newTenant();
    const scope = store.forTenant(tenantId);
    await scope.transaction((tx) => counts.read(tx, tenantId)); // opens the connection
    const before = proxy.roundTrips();
    await scope.transaction(async (tx) => {
      await counts.read(tx, tenantId);
      tx.send(counts.insert(tx, tenantId));
    });
    expect(proxy.roundTrips() - before).toBe(2);
    expect(await countOf(scope, tenantId)).toBe(0);
  });

  test('what is sent and fails leaves nothing behind, and its error is the one that is told', async () => {
    const tenantId = newTenant();
    const scope = fixture.store.forTenant(tenantId);
    const ran: string[] = [];
    const failing = (rest: (tx: Tx) => Promise<unknown>) =>
      scope.transaction(async (tx) => {
        tx.afterCommit(() => ran.push('hook'));
        tx.send(counts.insert(tx, tenantId));
        tx.send(counts.insert(tx, tenantId));
        await rest(tx);
      });
    expect(await codeOf(failing(async () => {}))).toBe('23505');
    expect(await codeOf(failing((tx) => counts.read(tx, tenantId)))).toBe('23505');
    expect(await countOf(scope, tenantId)).toBeUndefined();
    expect(ran).toEqual([]);
  });

  test('what is thrown rolls back and comes out as it is', async () => {
    const tenantId = newTenant();
    const scope = fixture.store.forTenant(tenantId);
    const refusal = new Error('no');
    await expect(
      scope.transaction(async (tx) => {
        await counts.insert(tx, tenantId);
        throw refusal;
      }),
    ).rejects.toBe(refusal);
    expect(await countOf(scope, tenantId)).toBeUndefined();
  });

  test('work that swallows a failed statement fails all the same', async () => {
    const tenantId = newTenant();
    const scope = fixture.store.forTenant(tenantId);
    const swallowing = scope.transaction(async (tx) => {
      await counts.insert(tx, tenantId);
      await counts.insert(tx, tenantId).catch(() => {});
    });
    expect(await codeOf(swallowing)).toBe('23505');
    expect(await countOf(scope, tenantId)).toBeUndefined();
  });
});

describe('hooks after the commit', () => {
  test('run once, after the row is there for others, also when the work was retried', async () => {
    const tenantId = newTenant();
    const scope = fixture.store.forTenant(tenantId);
    const ran: number[] = [];
    let tries = 0;
    await scope.transaction(async (tx) => {
      tries += 1;
      const attempt = tries;
      tx.afterCommit(() => ran.push(attempt));
      if (attempt === 1) await tx.raw(`DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$`);
      await counts.insert(tx, tenantId);
    });
    expect(ran).toEqual([2]);
    expect(await countOf(scope, tenantId)).toBe(0);
  });

  test('do not run after a rollback', async () => {
    const ran: string[] = [];
    await fixture.store
      .system('health')
      .transaction(async (tx) => {
        tx.afterCommit(() => ran.push('hook'));
        throw new Error('no');
      })
      .catch(() => {});
    expect(ran).toEqual([]);
  });

  test('one that throws stops neither its siblings nor the caller', async () => {
    const ran: string[] = [];
    await fixture.store.system('health').transaction(async (tx) => {
      tx.afterCommit(() => {
        throw new Error('a bug');
      });
      tx.afterCommit(() => ran.push('second'));
    });
    expect(ran).toEqual(['second']);
    const told = fixture.log.lines.filter(({ message }) => message === 'a hook after a commit failed');
    expect(told).toHaveLength(1);
  });
});

describe('what is told', () => {
  test('a slow statement is logged with placeholders instead of its parameters', async () => {
    const store = fixture.open({ slowStatementMs: 20 });
    await store
      .system('health')
      .transaction((tx) => tx.raw('SELECT pg_sleep(0.03), ?::TEXT', ['very secret']));
    const line = fixture.log.lines.find(
      ({ message, fields }) => message === 'slow statement' && String(fields['sql']).includes('pg_sleep'),
    );
    expect(line?.fields).toMatchObject({ sql: 'SELECT pg_sleep(0.03), $1::TEXT' });
  });

  test('the error of a failed statement does not hold its parameters', async () => {
    const sql = "SELECT '{}'::JSONB \\? 'a', ?::TEXT FROM nowhere";
    const failing = fixture.store.system('health').transaction((tx) => tx.raw<Rows>(sql, ['very secret']));
    const error: unknown = await failing.catch((reason: unknown) => reason);
    expect(String(error)).toContain('nowhere');
    expect(inspect(error)).not.toContain('very secret');
  });

  test('the error of a broken rule names the rule, not the row', async () => {
    const lease = { name: 'very secret', holder: newTenant(), fence: 1, expires_at: new Date() };
    const twice = fixture.store.system('health').transaction(async (tx) => {
      await tx('job_leases').insert(lease);
      await tx('job_leases').insert(lease);
    });
    const error: unknown = await twice.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: '23505', constraint: 'job_leases_pkey' });
    expect(inspect(error)).not.toContain('very secret');
  });
});
