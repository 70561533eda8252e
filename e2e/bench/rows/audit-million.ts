import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROUTES } from '@ironforge/contracts';
import { lengthenLog } from '@ironforge/testing';
import { z } from 'zod';
import { environment } from '../../world/environment.ts';
import { foundTenant, type Tenant } from '../../world/tenant.ts';
import { borrowLog } from '../load/borrowed-log.ts';
import { type Client, openClient } from '../load/client.ts';
import { untilSealed } from '../probe/audit-log.ts';
import { query } from '../probe/database.ts';
import { verifiedLog } from '../probe/verified-log.ts';
import { percentile, rateOf } from '../raw/clock.ts';
import type { Found } from './row.ts';

const FEW = 1_000;
const MANY = 1_000_000;
const CALLS = 400;
const WORKERS = 4;
/** Calls of which nothing is counted: pages of the database that nobody has read are slow, once. */
const WARM_UP = 100;

/** How much slower a proof is in a log of a million entries than in one of a thousand, and how long it takes to verify all of it. */
export async function auditMillion(): Promise<Found> {
  const tenant = await foundTenant();
  const log = await openLog(tenant);
  const giveBack = await borrowLog(tenant.id);
  const first = await lengthen(log, FEW);
  const few = await p99Of(log, FEW);
  const startedAt = performance.now();
  const second = await lengthen({ ...log, key: first }, MANY);
  const madeSeconds = (performance.now() - startedAt) / 1_000;
  const many = await p99Of(log, MANY);
  const verified = await verify(tenant.id, [log.key, first, second]);
  await giveBack();
  return {
    rows: {
      'audit.proof.p99': many / few,
      'audit.verify.seconds': verified.seconds,
      'audit.verify.memory': verified.megabytes,
    },
    notes: {
      'audit_proof.p99_few_ms': few,
      'audit_proof.p99_many_ms': many,
      'audit_log.made_seconds': madeSeconds,
    },
  };
}

interface Log {
  readonly tenantId: string;
  readonly reader: Client;
  readonly key: string;
}

async function openLog({ id, compliance }: Tenant): Promise<Log> {
  const { key: apiKey } = await compliance.call(ROUTES.createApiKey, { body: { name: 'bench' } });
  await untilSealed(id);
  const { verifierKey } = await compliance.call(ROUTES.getLatestAuditCheckpoint);
  return { tenantId: id, reader: openClient(environment.gatewayUrl, apiKey), key: verifierKey };
}

async function lengthen({ tenantId, key }: Log, size: number): Promise<string> {
  const made = await lengthenLog({ ask: query, tenantId, key, size });
  await query('VACUUM ANALYZE audit_entries');
  return made.key;
}

const Ids = z.array(z.object({ id: z.string() }));

async function p99Of({ tenantId, reader }: Log, size: number): Promise<number> {
  const numbers = Array.from({ length: WARM_UP + CALLS }, () => 1 + Math.floor(Math.random() * size));
  const ids = Ids.parse(await query(SOME, [tenantId, numbers]));
  const times: number[] = [];
  await rateOf({ count: ids.length, workers: WORKERS }, async (index) => {
    const answer = await reader.send('GET', `/v1/audit/entries/${ids[index]?.id}/proof`);
    if (answer.status !== 200) throw new Error(`a proof was answered with ${answer.status}`);
    if (index >= WARM_UP) times.push(answer.ms);
  });
  return percentile(times, 99);
}

async function verify(tenantId: string, keys: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    const file = join(folder, 'audit.pub');
    writeFileSync(file, `${keys.join('\n')}\n`);
    const verified = await verifiedLog(tenantId, file);
    if (verified.entries < MANY) throw new Error(`${verified.entries} entries were verified`);
    return verified;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const SOME =
  'SELECT e.id FROM unnest($2::INT8[]) AS n (sequence) JOIN audit_entries e ON e.tenant_id = $1 AND e.sequence = n.sequence';
