import { keyOf, parseLogKey, verifyTlogProof } from '@ironforge/audit-log';
import { ROUTES } from '@ironforge/contracts';
import { present } from '@ironforge/kernel';
import { waitUntil } from '@ironforge/testing';
import canonicalize from 'canonicalize';
import type { Audit } from '../app.ts';
import { type AuditWorld, loginFailed, newTenant, personOf } from '../audit.fixture.ts';
import { createLogSigners } from '../seal/log-signers.ts';
import type { WitnessProgram } from './witness.fixture.ts';

/** An entry by its place in the log, whose cosignatures count, and the size from which growth is to be proved. */
export interface Wanted {
  readonly index: number;
  readonly witness: WitnessProgram;
  readonly from?: number;
}

/** The log of a tenant that nobody else has, and what witnesses and auditors see of it. */
export function newLog(world: AuditWorld) {
  const tenantId = newTenant();
  const { AUDIT_SIGNING_KEY: key, AUDIT_ORIGIN: origin } = world.config;
  const seed = Buffer.from(key.d, 'base64url');
  const keyText = createLogSigners({ origin, seed, previousSeed: null }).signerOf(tenantId).verifierKey;
  return { tenantId, keyText, grow, cosignedUpTo, cosignersOf, latestFrom, provedBy };

  /** Publishes so many entries and waits until they are sealed. */
  async function grow(count: number): Promise<void> {
    const before = (await world.entries(tenantId)).length;
    await world.publish(Array.from({ length: count }, () => loginFailed(tenantId)));
    await world.numbered(tenantId, before + count);
  }

  async function cosignedUpTo({ signer }: WitnessProgram, size: number): Promise<void> {
    await waitUntil(`a cosignature from ${size} on`, async () => {
      const rows = await world.database.query(
        'SELECT 1 FROM audit_cosignatures WHERE tenant_id = $1 AND witness = $2 AND size >= $3',
        [tenantId, signer.name, size],
      );
      return rows.length > 0;
    });
  }

  async function cosignersOf(size: number) {
    const rows = await world.database.query(
      'SELECT witness FROM audit_cosignatures WHERE tenant_id = $1 AND size = $2',
      [tenantId, size],
    );
    return rows.map(({ witness }) => witness);
  }

  async function latestFrom(audit: Audit) {
    return ROUTES.getLatestAuditCheckpoint.reply.parse(await get(audit, '/v1/audit/checkpoints/latest'));
  }

  /** The names of those who cosigned the checkpoint by which an entry is proved. */
  async function provedBy(audit: Audit, { index, witness, from }: Wanted) {
    const entry = (await world.entries(tenantId))[index];
    const query = from === undefined ? '' : `?from=${from}`;
    const body = await get(audit, `/v1/audit/entries/${entry?.id}/proof${query}`);
    return cosignersIn(body, keyText, witness);
  }

  async function get(audit: Audit, path: string): Promise<unknown> {
    const authorization = await world.authorize(personOf(tenantId, 'audit:read'));
    const response = await fetch(new URL(path, audit.url), { headers: { authorization } });
    return await response.json();
  }
}

function cosignersIn(body: unknown, keyText: string, { signer }: WitnessProgram): string[] {
  const bundle = ROUTES.getAuditProof.reply.parse(body);
  const parsed = parseLogKey(keyText);
  const verdict = verifyTlogProof({
    text: bundle.tlogProof,
    entry: Buffer.from(canonicalize(bundle.entry) ?? ''),
    logKey: present('key' in parsed ? parsed.key : null, 'a key'),
    witnessKeys: [keyOf(signer)],
  });
  if ('rejected' in verdict) throw new Error(verdict.rejected);
  return verdict.proved.cosigned.map(({ witness }) => witness.name);
}
