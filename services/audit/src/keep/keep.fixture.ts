import { randomUUID } from 'node:crypto';
import type { OutgoingMessage } from '@ironforge/bus';
import { AUDIT_CATEGORIES, ROUTES } from '@ironforge/contracts';
import type { TenantId } from '@ironforge/kernel';
import { createStore } from '@ironforge/store';
import { type TestDatabase, waitUntil } from '@ironforge/testing';
import { z } from 'zod';
import type { Audit } from '../app.ts';
import { type AuditWorld, personOf } from '../audit.fixture.ts';
import { callNeighbours } from '../call-neighbours.ts';
import { createOwnEntries } from '../entry/own-entries.ts';
import { createLogSigners } from '../seal/log-signers.ts';
import { signingIdentityOf } from '../seal/signing-identity.ts';
import { createSeal } from '../personal/seal-whereabouts.ts';
import type { PruneDeps } from './prune-batch.ts';

/** Nothing is pruned but what these say. */
export function retentionOf(days: Readonly<Record<string, number>>) {
  return { ...Object.fromEntries(AUDIT_CATEGORIES.map((category) => [category, null])), ...days };
}

/** The same event, as if it had happened before every month that a log is aged to. */
export function longAgo({ body, ...message }: OutgoingMessage): OutgoingMessage {
  return { ...message, body: { ...z.looseObject({}).parse(body), time: '2020-01-10T00:00:00.000Z' } };
}

/** Makes entries as old as if they had come in then; what they tell of must have happened before (`longAgo`). */
export async function ageEntries(
  database: TestDatabase,
  tenantId: TenantId,
  { sequences, at }: { readonly sequences: readonly number[]; readonly at: string },
): Promise<void> {
  await database.query(
    'UPDATE audit_entries SET created_at = $3 WHERE tenant_id = $1 AND sequence = ANY ($2::INT8[])',
    [tenantId, sequences, at],
  );
}

/** The numbers that still have an entry, lasting ones left out. */
export async function numbersLeft(database: TestDatabase, tenantId: TenantId): Promise<number[]> {
  const rows = await database.query(
    `SELECT sequence FROM audit_entries WHERE tenant_id = $1 AND type NOT LIKE 'legal_hold%'
       AND type NOT IN ('retention_changed', 'entries_pruned') ORDER BY sequence`,
    [tenantId],
  );
  return rows.map(({ sequence }) => Number(sequence));
}

/** Prunes as the service would, apart from it. */
export function ownPruning(world: AuditWorld, options: Partial<PruneDeps> = {}) {
  const { log } = world;
  const store = createStore({ url: world.database.url, log, pool: { min: 0, max: 4 } });
  const clock = () => new Date();
  const seal = createSeal(callNeighbours(world.config, clock));
  const own = createOwnEntries({ clock, newId: randomUUID, seal, onRecorded: () => undefined });
  const signers = createLogSigners(signingIdentityOf(world.config));
  const deps: PruneDeps = { store, own, signers, database: null, batchSize: 500, ...options };
  return { deps, store, [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() };
}

/** Sets what is kept, past the service, so that none of its rounds begins. */
export async function keepFor(
  database: TestDatabase,
  tenantId: TenantId,
  days: Readonly<Record<string, number>>,
): Promise<void> {
  await database.query(
    `INSERT INTO audit_retentions (tenant_id, days, turns) VALUES ($1, $2, 0)
     ON CONFLICT (tenant_id) DO UPDATE SET days = excluded.days`,
    [tenantId, JSON.stringify(days)],
  );
}

/** What a person of compliance asks of a service. */
export function complianceOf(world: AuditWorld, audit: Audit, tenantId: TenantId) {
  const person = personOf(tenantId, 'audit:read', 'audit:retain');
  const send = async (method: string, path: string, body?: object) => {
    const authorization = await world.authorize(person);
    const headers = { authorization, 'content-type': 'application/json' };
    const response = await fetch(new URL(path, audit.url), {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer: unknown = await response.json();
    return { status: response.status, body: answer };
  };
  const certificates = async () =>
    ROUTES.listDeletionCertificates.reply.parse(
      (await send('GET', '/v1/audit/deletion-certificates?limit=200')).body,
    ).data;
  const certified = (count: number) =>
    waitUntil(`${count} certificates`, async () => {
      const found = await certificates();
      return found.length >= count && found;
    });
  return { person, send, certificates, certified };
}
