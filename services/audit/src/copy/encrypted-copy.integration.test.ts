import { ROUTES } from '@ironforge/contracts';
import { formatImmudbUrl } from '@ironforge/immudb';
import { createTestImmudb, createTlsProxy, hasImmudb, newCertificate, waitUntil } from '@ironforge/testing';
import { expect, it } from 'vitest';
import { createAuditWorld, newTenant, personOf } from '../audit.fixture.ts';
import { copied, copiesOf, expectWholeCopy, sealMore } from './copy.fixture.ts';

it.skipIf(!hasImmudb())(
  'a copy by TLS is made and proved with the authority that IMMUDB_CA names, and without it not, for a reason that is told',
  async () => {
    const [immudb, { cert, key }] = [await createTestImmudb(), newCertificate()];
    await using proxy = await createTlsProxy(immudb.address, { cert, key });
    await using world = await createAuditWorld(immudb);
    const url = { IMMUDB_URL: formatImmudbUrl({ ...immudb, address: proxy.address, tls: true }) };
    const tenantId = newTenant();
    await world.start(url);
    await sealMore(world, tenantId, 5);
    const reason = `at ${proxy.address}, asked by TLS: No connection established. Last error: Error: self-signed`;
    await waitUntil('the reason', () => world.log.lines.some((line) => told(line).includes(reason)));
    expect(await copiesOf(world.database, tenantId)).toEqual([]);

    const audit = await world.start({ ...url, IMMUDB_CA: cert });
    await copied(world, tenantId, 5);
    await expectWholeCopy(world, immudb, tenantId);
    const [entry] = await world.entries(tenantId);
    const authorization = await world.authorize(personOf(tenantId, 'audit:read'));
    const answer = await fetch(new URL(`/v1/audit/entries/${entry?.id}/proof`, audit.url), {
      headers: { authorization },
    });
    expect(ROUTES.getAuditProof.reply.parse(await answer.json()).immudb).toHaveProperty('proof');
  },
);

function told({ fields }: { readonly fields: Readonly<Record<string, unknown>> }): string {
  return fields['err'] instanceof Error ? fields['err'].message : '';
}
