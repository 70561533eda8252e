import { randomUUID } from 'node:crypto';
import { createImmudb, type Immudb } from '@ironforge/immudb';
import { present, type TenantId } from '@ironforge/kernel';
import { createMetrics } from '@ironforge/service-kit';
import { createStore } from '@ironforge/store';
import {
  type CollectingLogger,
  createCollectingLogger,
  type TestDatabase,
  type TestImmudb,
  waitUntil,
} from '@ironforge/testing';
import { expect } from 'vitest';
import { type AuditWorld, COPY_KEY, loginFailed } from '../audit.fixture.ts';
import { keptAs } from '../keep/kept-as.ts';
import { monthOf } from '../keep/month.ts';
import { openedText } from './copy-value.fixture.ts';
import { createCopyTelemetry } from './copy-telemetry.ts';
import { createKeyWrap } from './key-wrap.ts';
import { checkpointKey, entryKey } from '@ironforge/audit-log';
import { createSqlStates } from './sql-states.ts';
import { type CopyOptions, startCopy } from './start-copy.ts';

/** A copier with little patience, apart from the service that seals. */
export interface RunningCopy extends AsyncDisposable {
  readonly log: CollectingLogger;
  /** The value of a metric with a label, as it stands in the text form. */
  metric(name: string, label?: string): Promise<number | undefined>;
}

const HASTY: CopyOptions = {
  leaseMs: 15_000,
  intervalMs: 100,
  lagAlertSeconds: 3,
  gatherMs: 0,
  busyMs: 20,
  firstMs: 20,
  mostMs: 200,
  refusedMs: 50,
};

const masterKey = Buffer.from(COPY_KEY, 'hex');

/** Starts a copier over the log of a world. */
export function startTestCopy(
  { database }: { readonly database: Pick<TestDatabase, 'url'> },
  immudb: TestImmudb,
): RunningCopy {
  const stack = new AsyncDisposableStack();
  const log = createCollectingLogger();
  const store = stack.use(createStore({ url: database.url, log, pool: { min: 0, max: 4 } }));
  const states = createSqlStates(store, immudb.database);
  const client = stack.use(createImmudb({ ...immudb, states }));
  const { registry } = createMetrics('audit');
  const keyWrap = createKeyWrap(masterKey);
  const ledger = { database: immudb.database, immudb: client, keyWrap };
  const telemetry = createCopyTelemetry(registry);
  stack.use(startCopy({ store, ledger, telemetry, log, holder: randomUUID() }, HASTY));
  return {
    log,
    metric: async (name, label = '') => {
      const lines = (await registry.metrics()).split('\n');
      const line = lines.find((one) => one.startsWith(name) && one.includes(label));
      return line === undefined ? undefined : Number(line.split(' ').at(-1));
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** What was noted of a tenant's log, in its order. */
export async function copiesOf(database: TestDatabase, tenantId: TenantId) {
  const rows = await database.query(
    'SELECT size, tx_id, tx_hash FROM audit_copies WHERE tenant_id = $1 ORDER BY size',
    [tenantId],
  );
  return rows.map(({ size, tx_id, tx_hash }) => ({
    size: Number(size),
    txId: Number(tx_id),
    txHash: String(tx_hash),
  }));
}

/** Waits until so many entries of a tenant are noted as copied. */
export async function copied({ database }: AuditWorld, tenantId: TenantId, count: number) {
  return await waitUntil(`${count} copied entries`, async () => {
    const copies = await copiesOf(database, tenantId);
    return copies.at(-1)?.size === count && copies;
  });
}

/** Seals so many more entries of a tenant, in several batches. */
export async function sealMore(world: AuditWorld, tenantId: TenantId, count: number): Promise<void> {
  const before = (await world.entries(tenantId)).length;
  for (let done = 0; done < count; done += 50) {
    const part = Math.min(50, count - done);
    await world.publish(Array.from({ length: part }, () => loginFailed(tenantId)));
    await world.numbered(tenantId, before + done + part);
  }
}

/** A client that trusts nothing of what the copier has kept. */
export function openReader(immudb: TestImmudb): Immudb {
  let state: Awaited<ReturnType<ReturnType<typeof createSqlStates>['load']>> = null;
  const save = async (next: typeof state) => {
    state = next;
    return true;
  };
  return createImmudb({ ...immudb, states: { load: async () => state, save } });
}

/** Every entry and every checkpoint is there as it stands in SQL, once, in the transaction that was noted of its batch. */
export async function expectWholeCopy(world: AuditWorld, immudb: TestImmudb, tenantId: TenantId) {
  await using reader = openReader(immudb);
  const { entries, checkpoints } = await readCopy(reader, world, tenantId);
  const copies = await copiesOf(world.database, tenantId);
  const txOf = (size: number) => copies.find((copy) => copy.size >= size)?.txId;
  expect(entries).toEqual(
    entries.map(({ text }, at) => ({ text, value: text, txId: txOf(at + 1), times: 1 })),
  );
  expect(checkpoints).toEqual(
    checkpoints.map(({ text }) => ({
      text,
      value: text,
      txId: txOf(Number(text.split('\n')[1])),
      times: 1,
    })),
  );
  const order = copies.map(({ txId }) => txId);
  expect(order).toEqual(order.toSorted((a, b) => a - b));
  expect(entries.length).toBe(copies.at(-1)?.size);
  expect(checkpoints.length).toBeGreaterThan(0);
}

/** Entries and checkpoints of a tenant as immudb proves them: each with its transaction, and how often its key was written. */
async function readCopy(reader: Immudb, { database }: AuditWorld, tenantId: TenantId) {
  const entries = await database.query(
    'SELECT sequence AS number, canonical AS text, type, created_at FROM audit_entries WHERE tenant_id = $1 ORDER BY sequence',
    [tenantId],
  );
  const keys = await textKeys(database, tenantId);
  const opened = ({ type, created_at }: Record<string, unknown>, value: Buffer) =>
    openedText(value, present(keys.get(placeName(type, created_at)), 'a key'));
  const checkpoints = await database.query(
    'SELECT size AS number, note AS text FROM audit_checkpoints WHERE tenant_id = $1 ORDER BY size',
    [tenantId],
  );
  const written = await writtenIn(reader);
  return {
    entries: findAll(written, entries, {
      keyOf: (number) => entryKey(tenantId, number),
      textOf: opened,
    }),
    checkpoints: findAll(written, checkpoints, {
      keyOf: (number) => checkpointKey(tenantId, number),
      textOf: (_row, value) => value.toString(),
    }),
  };
}

interface Reading {
  readonly keyOf: (number: bigint) => string;
  readonly textOf: (row: Record<string, unknown>, value: Buffer) => string;
}

/** A value, and the transaction that wrote it. */
interface Written {
  readonly value: Buffer;
  readonly txId: number;
}

/** All that was ever written, by its key: every transaction is read as a whole, with its proof. */
async function writtenIn(reader: Immudb): Promise<ReadonlyMap<string, readonly Written[]>> {
  const written = new Map<string, Written[]>();
  const count = await transactionCount(reader);
  for (let txId = 1; txId <= count; txId += 1) {
    const told = await reader.transaction(BigInt(txId));
    if ('refused' in told) throw new Error(`refused: ${told.refused.reason} ${told.refused.detail}`);
    for (const { key, value } of told.verified.entries)
      written.set(key.toString(), [...(written.get(key.toString()) ?? []), { value, txId }]);
  }
  return written;
}

/** What stands in SQL, and what stands in immudb under its key. */
function findAll(
  written: ReadonlyMap<string, readonly Written[]>,
  rows: readonly Record<string, unknown>[],
  { keyOf, textOf }: Reading,
) {
  return rows.map((row) => {
    const found = written.get(keyOf(BigInt(String(row['number'])))) ?? [];
    const [first] = found;
    const value = first && textOf(row, first.value);
    return { text: String(row['text']), value, txId: first?.txId, times: found.length };
  });
}

/** How many transactions a database has. */
export async function transactionCount(reader: Immudb): Promise<number> {
  const state = await reader.state();
  return 'verified' in state ? Number(state.verified?.txId ?? 0n) : Number.NaN;
}

/** The keys of a tenant's copied texts, by category and month. */
export async function textKeys(
  database: TestDatabase,
  tenantId: TenantId,
): Promise<ReadonlyMap<string, Buffer>> {
  const { unwrap } = createKeyWrap(masterKey);
  const rows = await database.query(
    `SELECT category, month, encode(wrapped, 'hex') AS wrapped FROM audit_copy_keys WHERE tenant_id = $1`,
    [tenantId],
  );
  return new Map(
    rows.map(({ category, month, wrapped }) => {
      const place = { category: String(category), month: String(month) };
      const bytes = Buffer.from(String(wrapped), 'hex');
      return [`${place.category} ${place.month}`, unwrap({ tenantId, ...place }, bytes)];
    }),
  );
}

function placeName(type: unknown, createdAt: unknown): string {
  return `${keptAs(String(type))} ${monthOf(new Date(String(createdAt))).name}`;
}
