import { leafHash } from '@ironforge/audit-log';
import { ROUTES } from '@ironforge/contracts';
import { createTestImmudb, hasImmudb, waitUntil } from '@ironforge/testing';
import { expect, it } from 'vitest';
import { createAuditWorld, newTenant, personOf } from '../audit.fixture.ts';
import { openReader, sealMore } from '../copy/copy.fixture.ts';

it.skipIf(!hasImmudb())(
  'a proof names the transaction of immudb that holds the entry, once there is one',
  async () => {
    const immudb = await createTestImmudb();
    await using world = await createAuditWorld(immudb);
    const audit = await world.start();
    const tenantId = newTenant();
    await sealMore(world, tenantId, 60);
    const entries = await world.entries(tenantId);
    const authorization = await world.authorize(personOf(tenantId, 'audit:read'));
    const proofOf = async (at: number) => {
      const path = `/v1/audit/entries/${entries[at]?.id}/proof`;
      const response = await fetch(new URL(path, audit.url), { headers: { authorization } });
      return ROUTES.getAuditProof.reply.parse(await response.json()).immudb;
    };
    await using reader = openReader(immudb);
    for (const at of [0, 49, 50, 59]) {
      const named = await waitUntil('the copy', async () => {
        const copy = await proofOf(at);
        return copy.copy === 'immudb' && copy;
      });
      const told = await reader.get(Buffer.from(named.key));
      const found = 'verified' in told ? told.verified : null;
      expect(named).toMatchObject({ database: immudb.database, txHash: found?.tx.txHash });
      const leaf = Buffer.from(leafHash(Buffer.from(entries[at]?.canonical ?? '')));
      expect([named.txId, leaf]).toEqual([Number(found?.tx.txId), found?.value.subarray(0, 32)]);
    }
    await world.database.query('DELETE FROM audit_copies');
    await world.database.query(`UPDATE audit_copiers SET holder = gen_random_uuid(),
    lease_expires_at = now() + interval '1 hour'`);
    expect(await proofOf(0)).toEqual({ copy: 'waiting' });
  },
);
