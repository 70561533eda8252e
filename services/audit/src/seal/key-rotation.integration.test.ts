import { generateKeyPairSync } from 'node:crypto';
import { followRotation, parseLogKey, verifyCheckpoint } from '@ironforge/audit-log';
import { ROUTES } from '@ironforge/contracts';
import { parseJson, type TenantId } from '@ironforge/kernel';
import { waitUntil } from '@ironforge/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AuditWorld, createAuditWorld, loginFailed, newTenant, personOf } from '../audit.fixture.ts';
import { createLogSigners } from './log-signers.ts';

let world: AuditWorld;
beforeAll(async () => {
  world = await createAuditWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

it('a log tells of a new key where it begins to sign, and that checkpoint is signed by both; what follows by the new one alone', async () => {
  const [tenantId, a, b] = [newTenant(), newKey(), newKey()];
  await sealed(tenantId, 3, { AUDIT_SIGNING_KEY: a.text });
  await using service = await world.start({ AUDIT_SIGNING_KEY: b.text, AUDIT_PREVIOUS_SIGNING_KEY: a.text });
  // Nothing happens in this log, and it goes on with the new key all the same.
  const told = (await world.numbered(tenantId, 4))[3];
  const [from, to] = [a.verifierKeyOf(tenantId), b.verifierKeyOf(tenantId)];
  expect(detailsOf(told?.canonical)).toEqual({ from, to, reason: 'planned' });
  await world.publish([loginFailed(tenantId)]);
  await world.numbered(tenantId, 5);
  expect(await signersOf(tenantId, { from, to })).toEqual([
    [3, 'from'],
    [4, 'to', 'from'],
    [5, 'to'],
  ]);
  const authorization = await world.authorize(personOf(tenantId, 'audit:read'));
  const get = async (path: string) =>
    await (await fetch(new URL(path, service.url), { headers: { authorization } })).text();
  const latest = ROUTES.getLatestAuditCheckpoint.reply.parse(
    parseJson(await get('/v1/audit/checkpoints/latest')),
  );
  expect(latest.verifierKey).toBe(to);
  const bundle = Buffer.from(await get(`/v1/audit/entries/${told?.id}/proof`));
  expect(followRotation(bundle, [keyIn(from)])).toEqual({ from: keyIn(from), to: keyIn(to) });
});

it('is signed by the new key alone when the one before is not at hand, and nobody can follow', async () => {
  const [tenantId, a, b] = [newTenant(), newKey(), newKey()];
  await sealed(tenantId, 2, { AUDIT_SIGNING_KEY: a.text });
  await sealed(tenantId, 1, { AUDIT_SIGNING_KEY: b.text, AUDIT_PREVIOUS_SIGNING_KEY: newKey().text });
  const [from, to] = [a.verifierKeyOf(tenantId), b.verifierKeyOf(tenantId)];
  const entries = await world.numbered(tenantId, 4);
  const told = entries.filter(({ type }) => type === 'audit_signing_key_rotated');
  expect(told.map(({ canonical }) => detailsOf(canonical))).toEqual([
    { from, to, reason: 'previous_key_not_at_hand' },
  ]);
  const signers = await signersOf(tenantId, { from, to });
  expect(signers.filter(([size]) => Number(size) > 2).flatMap(([, ...by]) => by)).not.toContain('from');
});

it('a process that has a key which the log has left numbers nothing, says so once, and leaves it to the others', async () => {
  const [tenantId, a, b] = [newTenant(), newKey(), newKey()];
  await sealed(tenantId, 1, { AUDIT_SIGNING_KEY: a.text });
  await sealed(tenantId, 0, { AUDIT_SIGNING_KEY: b.text, AUDIT_PREVIOUS_SIGNING_KEY: a.text });
  await world.numbered(tenantId, 2);
  {
    await using _old = await world.start({ AUDIT_SIGNING_KEY: a.text });
    await world.publish([loginFailed(tenantId)]);
    await world.stored(tenantId, 3);
    await waitUntil('the alert', () => alertsOf('audit_signing_key_retired').length > 0);
  }
  expect((await world.entries(tenantId)).map(({ sequence }) => sequence)).toEqual([1, 2, null]);
  expect(alertsOf('audit_signing_key_retired')).toHaveLength(1);
  await sealed(tenantId, 0, { AUDIT_SIGNING_KEY: b.text });
  expect((await world.numbered(tenantId, 3)).map(({ type }) => type)).toContain('audit_signing_key_rotated');
});

it('a log of which nobody noted the key tells by which one it goes on, and a new log tells nothing', async () => {
  const [tenantId, a] = [newTenant(), newKey()];
  await sealed(tenantId, 2, { AUDIT_SIGNING_KEY: a.text });
  expect((await world.entries(tenantId)).map(({ type }) => type)).toEqual(['login_failed', 'login_failed']);
  // As an installation from before.
  await world.database.query('UPDATE audit_sequencers SET signing_key = NULL WHERE tenant_id = $1', [
    tenantId,
  ]);
  await using _service = await world.start({ AUDIT_SIGNING_KEY: a.text });
  const told = (await world.numbered(tenantId, 3))[2];
  expect(told?.type).toBe('audit_signing_key_introduced');
  expect(detailsOf(told?.canonical)).toMatchObject({ to: a.verifierKeyOf(tenantId) });
});

/** Runs a service with these settings until so many more events are sealed. */
async function sealed(tenantId: TenantId, count: number, settings: Record<string, string>): Promise<void> {
  await using _service = await world.start(settings);
  const before = (await world.entries(tenantId)).length;
  await world.publish(Array.from({ length: count }, () => loginFailed(tenantId)));
  await world.numbered(tenantId, before + count);
}

function newKey() {
  const jwk = { ...generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }), kid: 'audit-log' };
  const seed = Buffer.from(String(jwk.d), 'base64url');
  const signers = createLogSigners({ origin: world.config.AUDIT_ORIGIN, seed, previousSeed: null });
  return {
    text: JSON.stringify(jwk),
    verifierKeyOf: (tenantId: TenantId) => signers.signerOf(tenantId).verifierKey,
  };
}

function keyIn(text: string) {
  const parsed = parseLogKey(text);
  if ('key' in parsed) return parsed.key;
  throw new Error(`no key: ${parsed.rejected}`);
}

function detailsOf(canonical: string | null | undefined): unknown {
  const entry = parseJson(canonical ?? 'null');
  return typeof entry === 'object' && entry !== null && 'details' in entry ? entry.details : null;
}

/** Each checkpoint by its size, and the names of those keys that have signed it, the last first. */
async function signersOf(tenantId: TenantId, keys: Readonly<Record<string, string>>) {
  const rows = await world.database.query(
    'SELECT size::FLOAT8, note FROM audit_checkpoints WHERE tenant_id = $1 ORDER BY size',
    [tenantId],
  );
  return rows.map(({ size, note }) => {
    const signedBy = Object.entries(keys).filter(([, key]) => {
      const claim = { signed: String(note), logKey: keyIn(key), witnessKeys: [] };
      return 'checkpoint' in verifyCheckpoint(claim);
    });
    return [size, ...signedBy.map(([name]) => name).toReversed()];
  });
}

function alertsOf(alert: string) {
  return world.log.lines.filter(({ fields }) => fields['alert'] === alert);
}
