import { randomUUID } from 'node:crypto';
import { parseLogKey, verifyCheckpoint, verifyConsistency, verifyTlogProof } from '@ironforge/audit-log';
import { ROUTES } from '@ironforge/contracts';
import type { TenantId } from '@ironforge/kernel';
import canonicalize from 'canonicalize';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Audit } from '../app.ts';
import { type AuditWorld, createAuditWorld, loginFailed, newTenant, personOf } from '../audit.fixture.ts';

const tenantId = newTenant();
const other = newTenant();
let world: AuditWorld;
let audit: Audit;

beforeAll(async () => {
  world = await createAuditWorld();
  audit = await world.start();
  for (let part = 1; part <= 3; part += 1) {
    await world.publish(Array.from({ length: 100 }, () => loginFailed(tenantId)));
    await world.numbered(tenantId, part * 100);
  }
  await world.publish([loginFailed(other)]);
  await world.numbered(other, 1);
});

afterAll(() => world[Symbol.asyncDispose]());

describe('GET /v1/audit/entries/{id}/proof', () => {
  it.each([0, 1, 255, 256, 299])(
    'proves leaf %i by the content that it gives and the key of the log',
    async (index) => {
      const [bundle, key] = [await proofOf(index), await keyOf(tenantId)];
      const entry = Buffer.from(canonicalize(bundle.entry) ?? '');
      const verdict = verifyTlogProof({ text: bundle.tlogProof, entry, logKey: key, witnessKeys: [] });
      expect(verdict).toMatchObject({ proved: { index, checkpoint: { size: 300 } } });
      expect(bundle.entry).toMatchObject({ version: 1, tenantId, sequence: index + 1 });
    },
  );

  it('proves that the log only grew since the checkpoint that the caller has', async () => {
    const older = (await list()).data[0];
    const { tlogProof, consistency } = await proofOf(5, `?from=${older?.size}`);
    const from = await headIn(older?.note ?? '');
    const to = await headIn(tlogProof.slice(tlogProof.indexOf('\n\n') + 2));
    expect(consistency).toMatchObject({ from: from.size, to: 300 });
    expect(grew(from, to, consistency?.hashes ?? [])).toBe('ok');
  });

  it('says that there is no second copy where the installation has no immudb', async () => {
    expect((await proofOf(5)).immudb).toEqual({ copy: 'none' });
  });

  it('is not there for another tenant, for whoever may not read the log, and for what is no entry', async () => {
    const [entry] = await world.entries(tenantId);
    const path = `/v1/audit/entries/${entry?.id}/proof`;
    expect((await get(path, other)).status).toBe(404);
    expect((await get(path, tenantId, 'wallets:read')).status).toBe(403);
    expect((await get(`/v1/audit/entries/${randomUUID()}/proof`)).status).toBe(404);
  });

  it.each(['?from=0', '?from=1.5', '?from=x'])('refuses %s with 422', async (query) => {
    const [entry] = await world.entries(tenantId);
    expect((await get(`/v1/audit/entries/${entry?.id}/proof${query}`)).status).toBe(422);
  });
});

describe('GET /v1/audit/checkpoints', () => {
  it('lists what was signed, ascending, page by page, and the newest apart with the key', async () => {
    const { data, nextCursor } = await list('?limit=2');
    const rest = await list(`?limit=200&cursor=${nextCursor}`);
    const sizes = [...data, ...rest.data].map(({ size }) => size);
    expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
    expect(sizes.at(-1)).toBe(300);
    const latest = ROUTES.getLatestAuditCheckpoint.reply.parse(
      (await get('/v1/audit/checkpoints/latest')).body,
    );
    expect(latest).toMatchObject(rest.data.at(-1) ?? {});
  });

  it('proves that each of them grew from the one before', async () => {
    const { data } = await list('?limit=200');
    const heads = await Promise.all(data.map(({ note }) => headIn(note)));
    for (const [index, to] of heads.entries()) {
      const from = heads[index - 1];
      if (from === undefined) continue;
      const { body } = await get(`/v1/audit/checkpoints/${to.size}/consistency?from=${from.size}`);
      const { hashes } = ROUTES.getAuditConsistency.reply.parse(body);
      expect(grew(from, to, hashes)).toBe('ok');
    }
    expect(heads.length).toBeGreaterThan(2);
  });

  it('has nothing for a tenant without entries, and of a size that was never signed', async () => {
    expect((await get('/v1/audit/checkpoints/latest', newTenant())).status).toBe(404);
    expect((await get('/v1/audit/checkpoints/301/consistency?from=1')).status).toBe(404);
    expect((await get('/v1/audit/checkpoints/300/consistency?from=301')).status).toBe(422);
  });
});

async function proofOf(index: number, query = '') {
  const entry = (await world.entries(tenantId))[index];
  const { body } = await get(`/v1/audit/entries/${entry?.id}/proof${query}`);
  return ROUTES.getAuditProof.reply.parse(body);
}

async function list(query = '') {
  return ROUTES.listAuditCheckpoints.reply.parse((await get(`/v1/audit/checkpoints${query}`)).body);
}

async function headIn(signed: string) {
  const head = verifyCheckpoint({ signed, logKey: await keyOf(tenantId), witnessKeys: [] });
  if (!('checkpoint' in head)) throw new Error(`no checkpoint: ${head.rejected}`);
  return head.checkpoint;
}

type Head = Awaited<ReturnType<typeof headIn>>;

function grew(from: Head, to: Head, hashes: readonly string[]) {
  const proof = hashes.map((text) => Buffer.from(text, 'base64'));
  return verifyConsistency({
    oldSize: from.size,
    oldRoot: from.root,
    newSize: to.size,
    newRoot: to.root,
    proof,
  });
}

async function keyOf(tenant: TenantId) {
  const { body } = await get('/v1/audit/checkpoints/latest', tenant);
  const parsed = parseLogKey(ROUTES.getLatestAuditCheckpoint.reply.parse(body).verifierKey);
  if (!('key' in parsed)) throw new Error(`no key: ${parsed.rejected}`);
  return parsed.key;
}

async function get(path: string, tenant: TenantId = tenantId, permission = 'audit:read') {
  const authorization = await world.authorize(personOf(tenant, permission));
  const response = await fetch(new URL(path, audit.url), { headers: { authorization } });
  const body: unknown = await response.json();
  return { status: response.status, body };
}
