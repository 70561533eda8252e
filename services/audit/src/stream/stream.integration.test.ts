import { randomUUID } from 'node:crypto';
import { ROUTES } from '@ironforge/contracts';
import { createStore } from '@ironforge/store';
import { createCollectingLogger, waitUntil } from '@ironforge/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Audit } from '../app.ts';
import {
  type AuditWorld,
  createAuditWorld,
  loginFailed,
  newTenant,
  personOf,
  walletUpdated,
} from '../audit.fixture.ts';
import { createHeads } from '../follow/create-heads.ts';
import { askForStream, openStream } from './reader.fixture.ts';
import { tellEntries } from './tell-entries.ts';

let world: AuditWorld;
let services: [Audit, Audit];
beforeAll(async () => {
  world = await createAuditWorld();
  services = await Promise.all([world.start(), world.start()]);
});
afterAll(() => world[Symbol.asyncDispose]());

type Tenant = ReturnType<typeof newTenant>;
const reader = async (tenantId: Tenant) => ({
  authorization: await world.authorize(personOf(tenantId, 'audit:read')),
});
const failures = (tenantId: Tenant, count: number) =>
  Array.from({ length: count }, () => loginFailed(tenantId));
const upTo = (count: number, from = 1) => Array.from({ length: count }, (_, n) => n + from);

describe('a stream of entries', () => {
  it('tells each sealed entry once and in order, whichever process sealed it, and nothing of other tenants', async () => {
    const [tenantId, other] = [newTenant(), newTenant()];
    const [a, b] = await Promise.all(
      services.map(async ({ url }) => await openStream(url, await reader(tenantId))),
    );
    for (let part = 0; part < 4; part += 1) {
      await world.publish([...failures(tenantId, 60), ...failures(other, 5)]);
      await world.numbered(tenantId, (part + 1) * 60);
    }
    for (const stream of [a, b]) {
      await stream?.heard(240);
      expect(stream?.told.map(({ sequence }) => sequence)).toEqual(upTo(240));
      expect(stream?.told.map(({ id }) => Number(id))).toEqual(upTo(240));
      stream?.hangUp();
    }
  });

  it('goes on after the number that was heard last, without gap or repetition, however often it is cut', async () => {
    const tenantId = newTenant();
    const heard: number[] = [];
    await world.publish(failures(tenantId, 150));
    await world.numbered(tenantId, 150);
    for (const [n, { url }] of [...services, ...services].entries()) {
      const last = heard.at(-1) ?? 0;
      await using stream = await openStream(url, {
        ...(await reader(tenantId)),
        'last-event-id': String(last),
      });
      await world.publish(failures(tenantId, 30));
      await stream.heard(n === 0 ? 120 : 30);
      stream.hangUp();
      await stream.ended;
      heard.push(...stream.told.map(({ sequence }) => sequence));
    }
    expect(heard).toEqual(upTo(heard.length));
  });

  it('begins now when nobody says where, after the number that is asked for, and tells what is asked for alone', async () => {
    const tenantId = newTenant();
    await world.publish([...failures(tenantId, 3), walletUpdated(tenantId, randomUUID(), 1)]);
    await world.numbered(tenantId, 4);
    const [{ url }] = services;
    await using now = await openStream(url, await reader(tenantId));
    await using later = await openStream(url, await reader(tenantId), '?after=2&type=login_failed');
    await using wallets = await openStream(url, await reader(tenantId), '?after=0&resourceType=wallet');
    await waitUntil('all to be told', () =>
      [now, later, wallets].every(({ comments }) => comments.length > 0),
    );
    await world.publish([walletUpdated(tenantId, randomUUID(), 1), loginFailed(tenantId)]);
    await now.heard(2);
    await wallets.heard(2);
    await waitUntil('the last failure', () => later.told.some(({ sequence }) => sequence > 4));
    expect(now.told.map(({ sequence }) => sequence)).toEqual([5, 6]);
    expect(new Set(later.told.map(({ type }) => type))).toEqual(new Set(['login_failed']));
    expect(later.told.every(({ sequence }) => sequence > 2)).toBe(true);
    expect(wallets.told.map(({ resourceType }) => resourceType)).toEqual(['wallet', 'wallet']);
  });

  it.each([
    { what: 'that is no number', headers: { 'last-event-id': 'x' }, query: '', status: 400 },
    { what: 'beyond the log', headers: { 'last-event-id': '5' }, query: '', status: 422 },
    { what: 'beyond the log, in the query', headers: {}, query: '?after=5', status: 422 },
  ])('is refused from a place $what', async ({ headers, query, status }) => {
    const tenantId = newTenant();
    await using refused = await openStream(
      services[0].url,
      { ...(await reader(tenantId)), ...headers },
      query,
    );
    expect(refused.status).toBe(status);
  });

  it('is refused to a tenant who has twenty of them open, until one is closed', async () => {
    const [tenantId, [{ url }]] = [newTenant(), services];
    const headers = await reader(tenantId);
    const open = await Promise.all(Array.from({ length: 20 }, async () => await openStream(url, headers)));
    await waitUntil('all to be told', () => open.every(({ comments }) => comments.length > 0));
    expect((await openStream(url, headers)).status).toBe(429);
    expect((await openStream(url, await reader(newTenant()))).status).toBe(200);
    open[0]?.hangUp();
    await waitUntil('a place', async () => (await openStream(url, headers)).status === 200);
  });

  it('is never one of more than twenty, though all are asked for at once and nobody reads; one without content takes no place', async () => {
    const [tenantId, [{ url }]] = [newTenant(), services];
    const headers = await reader(tenantId);
    const target = new URL(ROUTES.streamAuditEntries.path, url);
    for (let n = 0; n < 20; n += 1)
      expect((await fetch(target, { method: 'HEAD', headers })).status).toBe(200);
    const asked = await Promise.all(Array.from({ length: 40 }, () => askForStream(url, headers)));
    const statuses = asked.map(({ response }) => response.status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(20);
    expect(statuses.filter((status) => status === 429)).toHaveLength(20);
    for (const { leaving } of asked) leaving.abort();
  });

  it('ends at once with its service, which waits for no reader', async () => {
    const tenantId = newTenant();
    const own = await createAuditWorld();
    const service = await own.start();
    const authorization = await own.authorize(personOf(tenantId, 'audit:read'));
    const stream = await openStream(service.url, { authorization });
    await waitUntil('the stream', () => stream.comments.length > 0);
    const startedAt = performance.now();
    await own[Symbol.asyncDispose]();
    await stream.ended;
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });
});

it('a stream says after each silence how far it is', async () => {
  const tenantId = newTenant();
  await world.publish(failures(tenantId, 2));
  await world.numbered(tenantId, 2);
  const log = createCollectingLogger();
  await using store = createStore({ url: world.database.url, log, pool: { min: 0, max: 2 } });
  await using heads = createHeads({ store, log }, 1_000);
  const wish = { tenantId, filter: {}, after: 2n };
  const pieces = tellEntries({ store, heads, heartbeatMs: 20 }, wish, new AbortController().signal);
  const said = [];
  for await (const piece of pieces) if (said.push(piece) === 4) break;
  expect(said).toEqual(['retry: 1000\n\n', ': at 2\n\n', ': at 2\n\n', ': at 2\n\n']);
});
