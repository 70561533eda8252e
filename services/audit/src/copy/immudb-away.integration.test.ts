import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureDatabase } from '@ironforge/immudb';
import { hasImmudb, newSigningKey, type OwnImmudb, startImmudb, waitUntil } from '@ironforge/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AuditWorld, createAuditWorld, newTenant } from '../audit.fixture.ts';
import {
  copied,
  copiesOf,
  expectWholeCopy,
  openReader,
  type RunningCopy,
  sealMore,
  startTestCopy,
} from './copy.fixture.ts';

const DATABASE = 'ledger';
const signingKey = newSigningKey();

let folder: string;
let dir: string;
let server: OwnImmudb;
let world: AuditWorld;
let copy: RunningCopy;

const ledger = () => ({ ...server, database: DATABASE });
const portOf = ({ address }: OwnImmudb) => Number(address.split(':')[1]);
const alertsOf = (level: 'error' | 'warn', alert: string, since = 0) =>
  copy.log.lines.slice(since).filter((line) => line.level === level && line.fields['alert'] === alert);
const untilBehind = (entries: number) =>
  waitUntil('the metric', async () => (await copy.metric('audit_copy_entries_behind')) === entries);
const keptState = async () => (await world.database.query('SELECT * FROM immudb_states'))[0];

/** What the alert says beside the reason. */
const WORDS = { other_server: /is of server/, older_state: /is at transaction/, forked: /transaction/ };

/** Kills the server, does something to its folder, and starts one on the same port. */
async function replaceServer(change: () => void, options: Partial<Parameters<typeof startImmudb>[0]> = {}) {
  const port = portOf(server);
  await server[Symbol.asyncDispose]();
  change();
  server = await startImmudb({ dir, signingKey, port, ...options });
}

describe.skipIf(!hasImmudb())('a copy whose immudb', () => {
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ironforge-copy-'));
    dir = join(folder, 'server');
    server = await startImmudb({ dir, signingKey });
    await ensureDatabase(server, DATABASE);
    world = await createAuditWorld();
    await world.start();
    copy = startTestCopy(world, ledger());
  });

  afterEach(async () => {
    await copy[Symbol.asyncDispose]();
    await world[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is killed catches up in order when it is back; sealing goes on, and the lag is told once, and its end', async () => {
    const tenants = [newTenant(), newTenant()] as const;
    await Promise.all(tenants.map((tenantId) => sealMore(world, tenantId, 100)));
    await Promise.all(tenants.map((tenantId) => copied(world, tenantId, 100)));
    await untilBehind(0);
    // What a busy machine was late with before counts for nothing.
    const killedAt = copy.log.lines.length;
    await server[Symbol.asyncDispose]();
    await Promise.all(tenants.map((tenantId) => sealMore(world, tenantId, 100)));
    await waitUntil('the alert', () => alertsOf('error', 'audit_copy_behind', killedAt).length > 0);
    await sealMore(world, tenants[0], 50);
    await untilBehind(250);
    expect((await copiesOf(world.database, tenants[0])).at(-1)?.size).toBe(100);
    await replaceServer(() => undefined);
    await copied(world, tenants[0], 250);
    await copied(world, tenants[1], 200);
    for (const tenantId of tenants) await expectWholeCopy(world, ledger(), tenantId);
    await waitUntil('the end of the alert', () => alertsOf('warn', 'audit_copy_behind', killedAt).length > 0);
    await untilBehind(0);
    expect(alertsOf('error', 'audit_copy_behind', killedAt)).toHaveLength(1);
    expect(alertsOf('warn', 'audit_copy_behind', killedAt)).toHaveLength(1);
    expect(alertsOf('error', 'audit_copy_refused')).toEqual([]);
    expect(JSON.stringify(copy.log.lines)).not.toContain(server.password);
  });

  it.each([
    ['another key', 'other_server', newSigningKey()],
    ['the same key', 'other_server', signingKey],
  ] as const)('is another server with %s is refused as %s, until its own is back', async (_, reason, key) => {
    const tenantId = newTenant();
    await sealMore(world, tenantId, 60);
    await copied(world, tenantId, 60);
    const known = await keptState();
    await replaceServer(() => undefined, { dir: join(folder, 'other'), signingKey: key });
    await ensureDatabase(server, DATABASE);
    await expectRefusal(tenantId, { reason, known });
    await replaceServer(() => undefined);
    await expectGoesOn(tenantId);
  });

  it('is restored to an older state is refused as that, until its newer one is back', async () => {
    const tenantId = newTenant();
    const known = await outgrowOlderCopy(tenantId);
    await replaceServer(() => undefined, { dir: join(folder, 'older') });
    await expectRefusal(tenantId, { reason: 'older_state', known });
    await replaceServer(() => undefined);
    await expectGoesOn(tenantId);
  });

  it('is restored to an older state, and others have written to it since, is refused as forked', async () => {
    const tenantId = newTenant();
    const known = await outgrowOlderCopy(tenantId);
    await server[Symbol.asyncDispose]();
    await using strange = await startImmudb({ dir: join(folder, 'older'), signingKey });
    await using stranger = openReader({ ...strange, database: DATABASE });
    for (let n = 0; n < 8; n += 1)
      await stranger.setBatch([{ key: Buffer.from(`other ${n}`), value: Buffer.from('x') }]);
    await strange[Symbol.asyncDispose]();
    server = await startImmudb({ dir: join(folder, 'older'), signingKey, port: portOf(server) });
    await expectRefusal(tenantId, { reason: 'forked', known });
    await replaceServer(() => undefined);
    await expectGoesOn(tenantId);
  });

  /** Leaves a copy of the server's folder behind, and the server with more than that; gives the state that is kept then. */
  async function outgrowOlderCopy(tenantId: ReturnType<typeof newTenant>) {
    await sealMore(world, tenantId, 60);
    await copied(world, tenantId, 60);
    await replaceServer(() => cpSync(dir, join(folder, 'older'), { recursive: true }));
    await sealMore(world, tenantId, 60);
    await copied(world, tenantId, 120);
    return await keptState();
  }

  /** Sealing goes on, nothing is copied, the alert is told once however often it is tried, and the kept state stands. */
  async function expectRefusal(
    tenantId: ReturnType<typeof newTenant>,
    { reason, known }: { readonly reason: keyof typeof WORDS; readonly known: unknown },
  ) {
    const before = await copiesOf(world.database, tenantId);
    await sealMore(world, tenantId, 60);
    await waitUntil('the alert', () => alertsOf('error', 'audit_copy_refused').length > 0);
    await sealMore(world, tenantId, 60);
    const [alert, ...further] = alertsOf('error', 'audit_copy_refused');
    expect([alert?.fields['reason'], further]).toEqual([reason, []]);
    expect(alert?.fields['detail']).toMatch(WORDS[reason]);
    expect(await copy.metric('audit_copy_refused', `reason="${reason}"`)).toBe(1);
    expect(await copiesOf(world.database, tenantId)).toEqual(before);
    expect(await keptState()).toEqual(known);
  }

  async function expectGoesOn(tenantId: ReturnType<typeof newTenant>) {
    const { length } = await world.entries(tenantId);
    await copied(world, tenantId, length);
    await expectWholeCopy(world, ledger(), tenantId);
    await waitUntil('the end of the alert', () => alertsOf('warn', 'audit_copy_refused').length > 0);
    expect(alertsOf('error', 'audit_copy_refused')).toHaveLength(1);
  }
});
