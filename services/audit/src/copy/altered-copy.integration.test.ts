import { entryKey } from '@ironforge/audit-log';
import type { TenantId } from '@ironforge/kernel';
import { createTestImmudb, hasImmudb, type TestImmudb, waitUntil } from '@ironforge/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AuditWorld, createAuditWorld, newTenant } from '../audit.fixture.ts';
import {
  copied,
  copiesOf,
  expectWholeCopy,
  openReader,
  type RunningCopy,
  sealMore,
  startTestCopy,
} from './copy.fixture.ts';

const SET = 'UPDATE audit_entries SET';

describe.skipIf(!hasImmudb())('a log that was changed before it was copied', () => {
  let world: AuditWorld;

  beforeAll(async () => {
    world = await createAuditWorld();
    await world.start();
  });

  afterAll(() => world[Symbol.asyncDispose]());

  it.each([
    ['a text', `${SET} canonical = replace(canonical, '"failure"', '"success"')`],
    ['the type that chooses the key', `${SET} type = 'wallet_updated'`],
    ['the month that chooses the key', `${SET} created_at = '2020-01-15T00:00:00Z'`],
    ['an entry taken out', 'DELETE FROM audit_entries'],
  ])('is not copied until it is mended: %s', async (_what, change) => {
    const immudb = await createTestImmudb();
    const tenantId = newTenant();
    await sealMore(world, tenantId, 5);
    await using stack = new AsyncDisposableStack();
    const copy = await whileChanged(
      `${change} WHERE tenant_id = '${tenantId}' AND sequence = 4`,
      async () => {
        const started = stack.use(startTestCopy(world, immudb));
        await waitUntil(
          'the alert, or a copy',
          async () =>
            alertsOf(started, tenantId, 'error').length > 0 ||
            (await copiesOf(world.database, tenantId)).length > 0,
        );
        await expectNothingIn(immudb, tenantId);
        expect(await started.metric('audit_copy_tenants_refused')).toBe(1);
        return started;
      },
    );
    await copied(world, tenantId, 5);
    await expectWholeCopy(world, immudb, tenantId);
    await waitUntil('the end of the alert', () => alertsOf(copy, tenantId, 'warn').length > 0);
    expect(alertsOf(copy, tenantId, 'error')).toMatchObject([{ fields: { sequence: 4 } }]);
    expect(await copy.metric('audit_copy_tenants_refused')).toBe(0);
  });

  /** Does something with the log changed, and puts it back. */
  async function whileChanged<T>(change: string, work: () => Promise<T>): Promise<T> {
    await world.database.query('CREATE TABLE kept_entries AS TABLE audit_entries');
    try {
      await world.database.query(change);
      return await work();
    } finally {
      // At once, for the copier goes on looking.
      await world.database.query(
        `DELETE FROM audit_entries WHERE id IN (SELECT id FROM kept_entries);
         INSERT INTO audit_entries TABLE kept_entries; DROP TABLE kept_entries`,
      );
    }
  }

  async function expectNothingIn(immudb: TestImmudb, tenantId: TenantId): Promise<void> {
    expect(await copiesOf(world.database, tenantId)).toEqual([]);
    await using reader = openReader(immudb);
    expect(await reader.get(Buffer.from(entryKey(tenantId, 4n)))).toEqual({ verified: null });
  }
});

function alertsOf({ log }: RunningCopy, tenantId: TenantId, level: 'error' | 'warn') {
  return log.lines.filter(
    (line) =>
      line.level === level &&
      line.fields['alert'] === 'audit_copy_altered' &&
      line.fields['tenantId'] === tenantId,
  );
}
