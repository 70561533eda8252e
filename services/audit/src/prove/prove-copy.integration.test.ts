import { parseLogKeys, parseServerKeys, verifyBundle } from '@ironforge/audit-log';
import { ROUTES } from '@ironforge/contracts';
import { createGrpcProxy, createTestImmudb, hasImmudb, waitUntil } from '@ironforge/testing';
import { describe, expect, it } from 'vitest';
import { type AuditWorld, createAuditWorld, newTenant, personOf } from '../audit.fixture.ts';
import { sealMore } from '../copy/copy.fixture.ts';

type World = {
  readonly world: AuditWorld;
  readonly url: string;
  readonly tenantId: ReturnType<typeof newTenant>;
};

describe.skipIf(!hasImmudb())('the proof of an entry', () => {
  it('proves its copy too, by the key of the immudb server, for the oldest and the newest entry', async () => {
    const immudb = await createTestImmudb();
    await using world = await createAuditWorld(immudb);
    const { url } = await world.start();
    const scene = { world, url, tenantId: newTenant() };
    await sealMore(world, scene.tenantId, 120);
    const [server, other] = [serverKeys(immudb.serverPublicKey), serverKeys(OTHER_KEY)];
    for (const at of [0, 60, 119]) {
      const bundle = await copiedProof(scene, at);
      const trust = { logKeys: await logKeys(scene), witnessKeys: [], since: null };
      expect(verifyBundle(bundle, { ...trust, immudbKeys: server })).toMatchObject({
        isProved: true,
        immudb: { proved: { database: immudb.database, serverKeyId: server[0]?.keyId } },
      });
      expect(verifyBundle(bundle, { ...trust, immudbKeys: other }).immudb).toEqual({
        rejected: 'not_signed_by_server',
      });
      expect(verifyBundle(bundle, trust)).toMatchObject({
        isProved: true,
        immudb: { unproved: 'no_server_key' },
      });
    }
  });

  it('names the copy without proving it while immudb answers nothing, or what is not believed; the rest is unharmed', async () => {
    const immudb = await createTestImmudb();
    const service = 'immudb.schema.ImmuService';
    await using proxy = await createGrpcProxy({ address: immudb.address, service, calls: CALLS });
    await using world = await createAuditWorld({ ...immudb, address: proxy.address });
    const { url } = await world.start();
    const scene = { world, url, tenantId: newTenant() };
    await sealMore(world, scene.tenantId, 10);
    await copiedProof(scene, 3);
    const trust = { logKeys: await logKeys(scene), witnessKeys: [], since: null };
    const away = async (call: string, real: () => Promise<Buffer>) => {
      if (call === 'VerifiableGet') await new Promise(() => undefined);
      return await real();
    };
    const lying = async (call: string, real: () => Promise<Buffer>) => {
      const bytes = Buffer.from(await real());
      if (call === 'VerifiableGet') bytes.writeUInt8(bytes.readUInt8(150) ^ 1, 150);
      return bytes;
    };
    let asked = 0;
    proxy.interfere(async (call, real) => {
      if (call === 'VerifiableGet') asked += 1;
      return await away(call, real);
    });
    const together = await Promise.all(Array.from({ length: 5 }, () => proofOf(scene, 3)));
    for (const bundle of together) expect(bundle.immudb).not.toHaveProperty('proof');
    expect(asked).toBeLessThan(5); // who waits behind one that hangs gives up with it
    for (const trouble of [away, lying]) {
      proxy.interfere(trouble);
      const bundle = await proofOf(scene, 3);
      expect(bundle.immudb).not.toHaveProperty('proof');
      expect(verifyBundle(bundle, trust)).toMatchObject({
        isProved: true,
        immudb: { unproved: 'no_immudb_proof' },
      });
    }
    proxy.interfere(null);
    expect((await proofOf(scene, 3)).immudb).toHaveProperty('proof');
  });
});

const CALLS = [
  'OpenSession',
  'CloseSession',
  'CurrentState',
  'VerifiableSet',
  'VerifiableGet',
  'VerifiableTxById',
];

/** Some key on P-256. */
const OTHER_KEY = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt
6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==
-----END PUBLIC KEY-----
`;

function serverKeys(pem: string) {
  const parsed = parseServerKeys(pem);
  if ('rejected' in parsed) throw new Error('no key');
  return parsed.keys;
}

async function copiedProof(scene: World, at: number) {
  return await waitUntil('the copy', async () => {
    const bundle = await proofOf(scene, at);
    return bundle.immudb.copy === 'immudb' && bundle.immudb.proof !== undefined && bundle;
  });
}

async function proofOf(scene: World, at: number) {
  const entries = await scene.world.entries(scene.tenantId);
  return ROUTES.getAuditProof.reply.parse(await get(scene, `/v1/audit/entries/${entries[at]?.id}/proof`));
}

async function logKeys(scene: World) {
  const latest = ROUTES.getLatestAuditCheckpoint.reply.parse(
    await get(scene, '/v1/audit/checkpoints/latest'),
  );
  const parsed = parseLogKeys(latest.verifierKey);
  if ('rejected' in parsed) throw new Error('no key');
  return parsed.keys;
}

async function get({ world, url, tenantId }: World, path: string): Promise<unknown> {
  const authorization = await world.authorize(personOf(tenantId, 'audit:read'));
  return await (await fetch(new URL(path, url), { headers: { authorization } })).json();
}
