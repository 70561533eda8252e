import { createHash } from 'node:crypto';
import { type Route, ROUTES } from '@ironforge/contracts';
import { parseJson, type TenantId } from '@ironforge/kernel';
import { partUrl, waitUntil } from '@ironforge/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Audit } from '../app.ts';
import { type AuditWorld, createAuditWorld, loginFailed, newTenant, personOf } from '../audit.fixture.ts';
import { installConsumer } from './consumer.fixture.ts';
import { createManagement } from './management.ts';
import { streamName } from './stream-admin.ts';

const BrokerUser = z.object({ password_hash: z.string() });
let world: AuditWorld;
const tenants: TenantId[] = [];
beforeAll(async () => {
  world = await createAuditWorld();
});
afterAll(async () => {
  // The broker's users are of no virtual host, so they do not go with it.
  await using service = await world.start();
  for (const tenantId of tenants) await ask(service, tenantId, { method: 'DELETE' });
  await world[Symbol.asyncDispose]();
});

interface Call {
  readonly method: Route['method'];
  readonly path?: string;
  readonly body?: object;
}

async function ask({ url }: Audit, tenantId: TenantId, { method, path = '', body }: Call) {
  const authorization = await world.authorize(personOf(tenantId, 'audit:stream'));
  const init = { method, headers: { authorization, 'content-type': 'application/json' } };
  const target = new URL(`/v1/audit/broker-stream${path}`, url);
  return await fetch(target, body === undefined ? init : { ...init, body: JSON.stringify(body) });
}

async function openStream(service: Audit, tenantId: TenantId) {
  tenants.push(tenantId);
  const answer = await ask(service, tenantId, { method: 'PUT', body: { maxAgeDays: 7 } });
  expect(answer.status).toBe(200);
  return ROUTES.putAuditBrokerStream.reply.parse(await answer.json());
}

const failures = (tenantId: TenantId, count: number) =>
  Array.from({ length: count }, () => loginFailed(tenantId));
const upTo = (count: number) => Array.from({ length: count }, (_, n) => n + 1);

async function publishedUpTo(tenantId: TenantId): Promise<number> {
  const [row] = await world.database.query(
    `SELECT sequence FROM audit_followers WHERE tenant_id = $1 AND name = 'broker'`,
    [tenantId],
  );
  return Number(row?.['sequence'] ?? -1);
}

describe('the stream of a tenant', () => {
  it('has every entry as it was sealed, those of before too, and the consumer takes each once over its own deaths', async () => {
    const tenantId = newTenant();
    await using service = await world.start();
    using consumer = installConsumer();
    await world.publish(failures(tenantId, 120));
    await world.numbered(tenantId, 120);
    const access = await openStream(service, tenantId);
    expect(access).toMatchObject({ maxAgeDays: 7, queue: access.user, publishedUpTo: 0 });
    expect(access.amqpUrl).not.toContain('@');
    const first = consumer.run(access);
    await first.until(50);
    await first.kill();
    await world.publish(failures(tenantId, 40));
    const second = consumer.run(access);
    // 120, the entry about the stream, and 40.
    await waitUntil('the rest', () => new Set([...first.sequences(), ...second.sequences()]).size === 161);
    await second.kill();
    const [again] = second.sequences();
    // What it had taken and not remembered when it was killed comes once more.
    expect(again).toBeGreaterThanOrEqual((first.sequences().at(-1) ?? 0) - 0);
    const entries = await world.entries(tenantId);
    const texts = new Set(entries.map(({ canonical }) => canonical));
    expect([...first.heard, ...second.heard].every((line) => texts.has(line))).toBe(true);
    expect(entries.filter(({ type }) => type === 'audit_stream_opened')).toHaveLength(1);
    expect(JSON.stringify(entries)).not.toContain(access.password);
  });

  it('goes on where it was when the process that fills it is killed, and a reader hears no gap', async () => {
    const tenantId = newTenant();
    let access;
    {
      await using service = await world.start();
      await world.publish(failures(tenantId, 1));
      access = await openStream(service, tenantId);
    }
    for (let part = 0; part < 3; part += 1) {
      const before = await publishedUpTo(tenantId);
      const service = world.spawn();
      await world.publish(failures(tenantId, 150));
      await waitUntil('something to be published', async () => (await publishedUpTo(tenantId)) > before);
      await service.kill();
      await world.database.query(`UPDATE audit_followers SET lease_expires_at = now() - interval '1 second'`);
    }
    await using _service = await world.start();
    using consumer = installConsumer();
    const run = consumer.run(access);
    await run.until(452);
    expect(run.sequences()).toEqual(upTo(452));
    await run.kill();
  });

  it('tells what each entry follows, so that a reader goes on over what retention pruned', async () => {
    const tenantId = newTenant();
    await using service = await world.start();
    await world.publish(failures(tenantId, 9));
    await world.numbered(tenantId, 9);
    await world.database.query(
      'DELETE FROM audit_entries WHERE tenant_id = $1 AND sequence = ANY ($2::INT8[])',
      [tenantId, [1, 4, 5, 9]],
    );
    using consumer = installConsumer();
    const run = consumer.run(await openStream(service, tenantId));
    await run.until(6);
    expect(run.sequences()).toEqual([2, 3, 6, 7, 8, 10]);
    await run.kill();
  });

  it('begins with the first entry again when the broker lost it and it is asked for anew', async () => {
    const tenantId = newTenant();
    await using service = await world.start();
    await world.publish(failures(tenantId, 5));
    await world.numbered(tenantId, 5);
    const access = await openStream(service, tenantId);
    await waitUntil('all to be published', async () => (await publishedUpTo(tenantId)) === 6);
    const vhost = decodeURIComponent(new URL(access.amqpUrl).pathname.slice(1));
    await manage('DELETE', ['queues', vhost, access.queue]);
    await openStream(service, tenantId);
    using consumer = installConsumer();
    const run = consumer.run(access);
    await run.until(7);
    expect(run.sequences()).toEqual(upTo(7));
    await run.kill();
  });

  it('begins with the first entry when it is closed and opened again, whichever process fills it', async () => {
    const tenantId = newTenant();
    await using service = await world.start();
    await using other = await world.start();
    await world.publish(failures(tenantId, 5));
    await world.numbered(tenantId, 5);
    await openStream(service, tenantId);
    await waitUntil('all to be published', async () => (await publishedUpTo(tenantId)) === 6);
    for (const door of [service, other]) {
      expect((await ask(door, tenantId, { method: 'DELETE' })).status).toBe(204);
      const access = await openStream(door, tenantId);
      using consumer = installConsumer();
      const run = consumer.run(access);
      await run.until(6);
      expect(run.sequences().slice(0, 6)).toEqual(upTo(6));
      await run.kill();
    }
  });

  it('can be changed without another password, gets another one, and goes with its reader', async () => {
    const tenantId = newTenant();
    await using service = await world.start();
    const { password } = await openStream(service, tenantId);
    const changed = await ask(service, tenantId, { method: 'PUT', body: { maxAgeDays: 30 } });
    expect(await changed.json()).toMatchObject({ password: null, maxAgeDays: 30 });
    const rotated = await ask(service, tenantId, { method: 'POST', path: '/rotate-credentials', body: {} });
    const { password: other } = ROUTES.rotateAuditBrokerCredentials.reply.parse(await rotated.json());
    expect(other).not.toBe(password);
    expect(await (await ask(service, tenantId, { method: 'GET' })).json()).toMatchObject({ password: null });
    expect((await ask(service, tenantId, { method: 'DELETE' })).status).toBe(204);
    expect((await ask(service, tenantId, { method: 'GET' })).status).toBe(404);
    expect((await ask(service, tenantId, { method: 'DELETE' })).status).toBe(404);
    const told = await world.numbered(tenantId, 4);
    expect(told.map(({ type }) => type)).toEqual([
      'audit_stream_opened',
      'audit_stream_changed',
      'audit_stream_credentials_rotated',
      'audit_stream_closed',
    ]);
  });
});

describe('what is done to a stream', () => {
  it('is done to nothing while its entry cannot be made: the password stays, and no reader comes', async () => {
    const [tenantId, later] = [newTenant(), newTenant()];
    await using service = await world.start();
    await using alone = await world.start({ IDENTITY_URL: 'http://127.0.0.1:9' });
    const { user, password } = await openStream(service, tenantId);
    const rotated = await ask(alone, tenantId, { method: 'POST', path: '/rotate-credentials', body: {} });
    const removed = await ask(alone, tenantId, { method: 'DELETE' });
    const opened = await ask(alone, later, { method: 'PUT', body: { maxAgeDays: 7 } });
    expect([rotated.status, removed.status, opened.status]).toEqual([503, 503, 503]);
    expect(await isPasswordOf(user, password)).toBe(true);
    await expect(passwordHash(streamName(later))).rejects.toMatchObject({ code: 'dependency_down' });
    expect((await ask(service, later, { method: 'GET' })).status).toBe(404);
  });

  it('by two at once is done one after the other: one is told the password, and it opens', async () => {
    await using service = await world.start();
    await using other = await world.start();
    for (let round = 0; round < 3; round += 1) {
      const tenantId = newTenant();
      const both = await Promise.all([openStream(service, tenantId), openStream(other, tenantId)]);
      const told = both.filter(({ password }) => password !== null);
      expect(told).toHaveLength(1);
      expect(await isPasswordOf(streamName(tenantId), told[0]?.password ?? null)).toBe(true);
      const types = (await world.numbered(tenantId, 2)).map(({ type }) => type);
      expect(types.toSorted()).toEqual(['audit_stream_changed', 'audit_stream_opened']);
    }
  });
});

const manage = createManagement(partUrl('AMQP_MANAGEMENT_URL'));

async function passwordHash(user: string): Promise<Buffer> {
  const { password_hash: hash } = BrokerUser.parse((await manage('GET', ['users', user])).body);
  return Buffer.from(hash, 'base64');
}

/** The broker keeps a salt of four bytes and the SHA-256 of salt and password. */
async function isPasswordOf(user: string, password: string | null): Promise<boolean> {
  const hash = await passwordHash(user);
  const salted = Buffer.concat([hash.subarray(0, 4), Buffer.from(password ?? '')]);
  return createHash('sha256').update(salted).digest().equals(hash.subarray(4));
}

it('an installation without the management of its broker says so', async () => {
  const tenantId = newTenant();
  await using service = await world.start({ AMQP_MANAGEMENT_URL: '' });
  const answer = await ask(service, tenantId, { method: 'PUT', body: { maxAgeDays: 7 } });
  expect([answer.status, parseJson(await answer.text())]).toMatchObject([
    409,
    { code: 'broker_streams_off' },
  ]);
});

/** A management that does not answer, and a password that nobody may read anywhere. */
const AWAY = ['http://guest', 'hunter2@127.0.0.1:9'].join(':');

it('nothing is noted while the management of the broker is away', async () => {
  const tenantId = newTenant();
  await using service = await world.start({ AMQP_MANAGEMENT_URL: AWAY });
  const answer = await ask(service, tenantId, { method: 'PUT', body: { maxAgeDays: 7 } });
  const text = await answer.text();
  expect([answer.status, parseJson(text)]).toMatchObject([503, { code: 'dependency_down' }]);
  expect(text + JSON.stringify(world.log.lines)).not.toContain('hunter2');
  expect((await ask(service, tenantId, { method: 'GET' })).status).toBe(404);
});
