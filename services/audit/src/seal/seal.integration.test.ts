import { leafHash, nodeHash, parseLogKey, verifyCheckpoint } from '@ironforge/audit-log';
import type { TenantId } from '@ironforge/kernel';
import { waitUntil } from '@ironforge/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AuditWorld, createAuditWorld, loginFailed, newTenant } from '../audit.fixture.ts';
import { createLogSigners } from './log-signers.ts';
import { putOwnLeaf } from './stored-leaf.fixture.ts';

let world: AuditWorld;
beforeAll(async () => {
  world = await createAuditWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

describe('two audit services on one log', () => {
  it('seal what they number: each checkpoint is the tree over the first entries, signed, and the last is over all', async () => {
    await Promise.all([world.start(), world.start()]);
    const tenantId = newTenant();
    for (let part = 0; part < 6; part += 1) {
      await world.publish(Array.from({ length: 60 }, () => loginFailed(tenantId)));
      await world.numbered(tenantId, (part + 1) * 60);
    }
    const heads = await headsOf(tenantId);
    const texts = (await world.numbered(tenantId, 360)).map(({ canonical }) => canonical ?? '');
    expect(heads.map(({ root }) => root)).toEqual(heads.map(({ size }) => rootOver(texts.slice(0, size))));
    expect(heads.length).toBeGreaterThan(1);
    expect(heads.at(-1)?.size).toBe(360);
    expect(new Set(heads.map(({ origin }) => origin))).toEqual(new Set([`test.example/audit/${tenantId}`]));
  });

  it('seal what had its number before there was a tree, and number nothing new before', async () => {
    const tenantId = newTenant();
    await world.publish(Array.from({ length: 30 }, () => loginFailed(tenantId)));
    await world.numbered(tenantId, 30);
    // As an installation from before: numbers and texts, and no tree.
    for (const table of ['audit_tiles', 'audit_checkpoints'])
      await world.database.query(`DELETE FROM ${table} WHERE tenant_id = $1`, [tenantId]);
    await world.database.query('UPDATE audit_sequencers SET sealed_size = 0 WHERE tenant_id = $1', [
      tenantId,
    ]);
    await world.publish([loginFailed(tenantId)]);
    const texts = (await world.numbered(tenantId, 31)).map(({ canonical }) => canonical ?? '');
    const heads = await headsOf(tenantId);
    expect(heads.map(({ size }) => size)).toEqual([30, 31]);
    expect(heads.map(({ root }) => root)).toEqual([rootOver(texts.slice(0, 30)), rootOver(texts)]);
  });
});

describe('a log whose newest tile was changed together with its text', () => {
  it('gets no number and no signature more until the tile leads to the signed root again, and says so each time', async () => {
    const tenantId = newTenant();
    await world.publish(Array.from({ length: 3 }, () => loginFailed(tenantId)));
    await world.numbered(tenantId, 3);
    const alerts = () =>
      world.log.lines.filter(
        ({ fields }) => fields['alert'] === 'audit_tree_changed' && fields['tenantId'] === tenantId,
      );
    const swap = async (from: string, to: string) => {
      await world.database.query(
        'UPDATE audit_entries SET canonical = replace(canonical, $2, $3) WHERE tenant_id = $1 AND sequence = 2',
        [tenantId, from, to],
      );
      await putOwnLeaf(world.database, tenantId, 2);
    };
    // Once more than there are services.
    for (const time of [1, 2, 3]) {
      const before = alerts().length;
      await swap('"failure"', '"success"');
      await world.publish([loginFailed(tenantId)]);
      await waitUntil('the alert', () => alerts().length > before);
      expect((await headsOf(tenantId)).at(-1)?.size).toBe(2 + time);
      await swap('"success"', '"failure"');
      const texts = (await world.numbered(tenantId, 3 + time)).map(({ canonical }) => canonical ?? '');
      expect((await headsOf(tenantId)).at(-1)).toMatchObject({ size: 3 + time, root: rootOver(texts) });
    }
  });
});

describe('an audit service that is killed again and again', () => {
  it('leaves no number without a seal, and no seal over anything else', async () => {
    const tenantId = newTenant();
    for (let part = 0; part < 4; part += 1) {
      const service = world.spawn();
      await world.publish(Array.from({ length: 50 }, () => loginFailed(tenantId)));
      await world.stored(tenantId, part * 50 + 1);
      await service.kill();
    }
    const texts = (await world.numbered(tenantId, 200)).map(({ canonical }) => canonical ?? '');
    const head = (await headsOf(tenantId)).at(-1);
    expect(head).toMatchObject({ size: 200, root: rootOver(texts) });
  });
});

/** The checkpoints of a tenant in their order, of which each signature was checked. */
async function headsOf(tenantId: TenantId) {
  const rows = await world.database.query(
    'SELECT note FROM audit_checkpoints WHERE tenant_id = $1 ORDER BY size',
    [tenantId],
  );
  return rows.map(({ note }) => headIn(String(note), tenantId));
}

function headIn(signed: string, tenantId: TenantId) {
  const { AUDIT_SIGNING_KEY: key, AUDIT_ORIGIN: origin } = world.config;
  const signers = createLogSigners({ origin, seed: Buffer.from(key.d, 'base64url'), previousSeed: null });
  const parsed = parseLogKey(signers.signerOf(tenantId).verifierKey);
  if (!('key' in parsed)) throw new Error(`no key: ${parsed.rejected}`);
  const head = verifyCheckpoint({ signed, logKey: parsed.key, witnessKeys: [] });
  if (!('checkpoint' in head)) throw new Error(`no checkpoint: ${head.rejected}`);
  const { root, size } = head.checkpoint;
  return { origin: head.checkpoint.origin, size, root: Buffer.from(root).toString('hex') };
}

/** The root as RFC 9162, 2.1.1 defines it, word by word. */
function rootOver(texts: readonly string[]): string {
  return Buffer.from(treeHash(texts.map((text) => leafHash(Buffer.from(text))))).toString('hex');
}

function treeHash(leaves: readonly Uint8Array[]): Uint8Array {
  const [only] = leaves;
  if (leaves.length === 1 && only !== undefined) return only;
  const half = 2 ** Math.ceil(Math.log2(leaves.length) - 1);
  return nodeHash(treeHash(leaves.slice(0, half)), treeHash(leaves.slice(half)));
}
