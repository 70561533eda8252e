import { hash } from 'node:crypto';
import { parseLogKey, verifyBundle } from '@ironforge/audit-log';
import { ROUTES } from '@ironforge/contracts';
import { present, type TenantId } from '@ironforge/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Audit } from '../app.ts';
import {
  type AuditWorld,
  createAuditWorld,
  loginFailed,
  newTenant,
  walletUpdated,
} from '../audit.fixture.ts';
import { ageEntries, complianceOf, longAgo, numbersLeft, retentionOf } from './keep.fixture.ts';

let world: AuditWorld;
let audit: Audit;

beforeAll(async () => {
  world = await createAuditWorld();
  audit = await world.start();
});

afterAll(() => world[Symbol.asyncDispose]());

const WALLET = '0a000000-0000-4000-8000-000000000001';

/** Sign-ins 1 to 6 and changes of a wallet 7 to 9; the first eight came in long ago, in two months. */
async function agedLog(): Promise<TenantId> {
  const tenantId = newTenant();
  await world.publish(Array.from({ length: 6 }, () => longAgo(loginFailed(tenantId))));
  await world.numbered(tenantId, 6);
  await world.publish([1, 2, 3].map((version) => longAgo(walletUpdated(tenantId, WALLET, version))));
  await world.numbered(tenantId, 9);
  await ageEntries(world.database, tenantId, { sequences: [1, 2, 4], at: '2020-01-15T00:00:00Z' });
  await ageEntries(world.database, tenantId, { sequences: [5, 7, 8], at: '2020-02-01T00:00:00Z' });
  return tenantId;
}

const keyOf = async ({ send }: ReturnType<typeof complianceOf>) => {
  const { verifierKey } = ROUTES.getLatestAuditCheckpoint.reply.parse(
    (await send('GET', '/v1/audit/checkpoints/latest')).body,
  );
  const parsed = parseLogKey(verifierKey);
  if (!('key' in parsed)) throw new Error('no key');
  return parsed.key;
};

describe('a retention', () => {
  it('is for ever until somebody sets it, and telling so is an entry', async () => {
    const tenantId = await agedLog();
    const compliance = complianceOf(world, audit, tenantId);
    expect(await compliance.send('GET', '/v1/audit/retention')).toEqual({
      status: 200,
      body: retentionOf({}),
    });
    const set = await compliance.send('PUT', '/v1/audit/retention', retentionOf({ people: 365 }));
    expect(set).toEqual({ status: 200, body: retentionOf({ people: 365 }) });
    expect((await compliance.send('GET', '/v1/audit/retention')).body).toEqual(retentionOf({ people: 365 }));
    await world.numbered(tenantId, 10);
    const { data } = ROUTES.listAuditEntries.reply.parse(
      (await compliance.send('GET', '/v1/audit/entries?type=retention_changed')).body,
    );
    expect(data.map(({ actor, details }) => ({ actor, details }))).toEqual([
      {
        actor: { type: 'user', id: compliance.person.userId },
        details: { before: retentionOf({}), after: retentionOf({ people: 365 }) },
      },
    ]);
    expect(await numbersLeft(world.database, tenantId)).toHaveLength(9);
  });

  it.each([
    ['of 29 days', { ...retentionOf({}), access: 29 }],
    ['of a category that there is not', { ...retentionOf({}), secrets: 30 }],
    ['that leaves a category out', { access: 30 }],
  ])('%s is refused', async (_what, body) => {
    const compliance = complianceOf(world, audit, newTenant());
    expect((await compliance.send('PUT', '/v1/audit/retention', body)).status).toBe(422);
  });

  it('prunes whole months of its category, each with a certificate that a stranger can check', async () => {
    const tenantId = await agedLog();
    const compliance = complianceOf(world, audit, tenantId);
    const before = await world.entries(tenantId);
    await compliance.send('PUT', '/v1/audit/retention', retentionOf({ access: 30 }));
    const certificates = await compliance.certified(2);
    expect(await numbersLeft(world.database, tenantId)).toEqual([3, 6, 7, 8, 9]);
    expect(certificates).toMatchObject([
      {
        category: 'access',
        month: '2020-01',
        keptDays: 30,
        count: 3,
        ranges: [
          [1, 2],
          [4, 4],
        ],
        holds: [],
      },
      { category: 'access', month: '2020-02', count: 1, ranges: [[5, 5]], isMonthGone: true },
    ]);
    const [first] = certificates;
    expect(first?.leafHashesSha256).toBe(hashOver(before.slice(0, 2).concat(before.slice(3, 4))));
    const path = `/v1/audit/deletion-certificates/${first?.id}`;
    const { certificate, proof } = ROUTES.getDeletionCertificate.reply.parse(
      (await compliance.send('GET', path)).body,
    );
    expect(certificate).toEqual(first);
    const logKeys = [await keyOf(compliance)];
    expect(verifyBundle(proof, { logKeys, witnessKeys: [], since: null }).isProved).toBe(true);
    expect(proof.entry['details']).toMatchObject({
      ranges: [
        [1, 2],
        [4, 4],
      ],
    });
  });

  it('leaves every other entry provable, and says of a pruned one which certificate tells of it', async () => {
    const tenantId = await agedLog();
    const compliance = complianceOf(world, audit, tenantId);
    const before = await world.entries(tenantId);
    await compliance.send('PUT', '/v1/audit/retention', retentionOf({ access: 30, transfers: 60 }));
    const certificates = await compliance.certified(3);
    const logKeys = [await keyOf(compliance)];
    const proofs = await Promise.all(
      before.map(async ({ id }) => await compliance.send('GET', `/v1/audit/entries/${id}/proof`)),
    );
    expect(proofs.map(({ status }) => status)).toEqual([410, 410, 200, 410, 410, 200, 410, 410, 200]);
    for (const at of [2, 5, 8]) {
      const verdict = verifyBundle(proofs[at]?.body, { logKeys, witnessKeys: [], since: null });
      expect(verdict.isProved).toBe(true);
    }
    for (const at of [0, 1, 3, 4, 6, 7]) {
      const naming = certificates.find(({ ranges }) => ranges.some(([a, b]) => a <= at + 1 && at + 1 <= b));
      const detail = `pruned: /v1/audit/deletion-certificates/${naming?.id}`;
      expect(proofs[at]?.body).toMatchObject({ code: 'entry_pruned', detail });
      expect((await compliance.send('GET', `/v1/audit/entries/${before[at]?.id}`)).status).toBe(410);
    }
  });

  it('makes no second entry of an event that comes again after its entry was pruned', async () => {
    const tenantId = newTenant();
    const event = longAgo(walletUpdated(tenantId, WALLET, 1));
    await world.publish([event]);
    await world.numbered(tenantId, 1);
    await ageEntries(world.database, tenantId, { sequences: [1], at: '2020-01-15T00:00:00Z' });
    const compliance = complianceOf(world, audit, tenantId);
    await compliance.send('PUT', '/v1/audit/retention', retentionOf({ transfers: 30 }));
    await compliance.certified(1);
    await world.publish([event, walletUpdated(tenantId, WALLET, 2)]);
    const entries = await world.numbered(tenantId, 3);
    expect(entries.filter(({ event_id }) => event_id === event.id)).toEqual([]);
    expect(entries.map(({ sequence }) => sequence)).toEqual([2, 3, 4]);
  });

  it('is set by nobody who may only read, and of another tenant nothing is seen', async () => {
    const tenantId = await agedLog();
    const compliance = complianceOf(world, audit, tenantId);
    await compliance.send('PUT', '/v1/audit/retention', retentionOf({ access: 30 }));
    const [certificate] = await compliance.certified(2);
    const stranger = complianceOf(world, audit, newTenant());
    const path = `/v1/audit/deletion-certificates/${present(certificate, 'a certificate').id}`;
    expect((await stranger.send('GET', path)).status).toBe(404);
    expect(await stranger.certificates()).toEqual([]);
    expect((await stranger.send('GET', '/v1/audit/retention')).body).toEqual(retentionOf({}));
  });
});

function hashOver(entries: readonly { readonly canonical: string | null }[]): string {
  const leaves = entries.map(({ canonical }) =>
    hash('sha256', Buffer.concat([Buffer.of(0), Buffer.from(canonical ?? '')]), 'buffer'),
  );
  return hash('sha256', Buffer.concat(leaves), 'hex');
}
