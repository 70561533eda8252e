import { createStore } from '@ironforge/store';
import { createMetrics } from '@ironforge/service-kit';
import { createCollectingLogger, newCertificate, waitUntil } from '@ironforge/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type AuditWorld,
  createAuditWorld,
  loginFailed,
  newTenant,
  walletUpdated,
} from '../audit.fixture.ts';
import { createFollowTelemetry } from '../follow/follow-telemetry.ts';
import { watchFollowers } from '../follow/watch-followers.ts';
import { openReceiver, type Receiver, WIRES } from './receiver.fixture.ts';

let world: AuditWorld;
beforeAll(async () => {
  world = await createAuditWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

type Tenant = ReturnType<typeof newTenant>;
const failures = (tenantId: Tenant, count: number) =>
  Array.from({ length: count }, () => loginFailed(tenantId));
const upTo = (count: number) => Array.from({ length: count }, (_, n) => n + 1);

const cefTo = (tenantId: Tenant, { port }: Receiver, name = 'siem') => ({
  AUDIT_PUSH: JSON.stringify([{ name, tenantId, url: `syslog+tcp://127.0.0.1:${port}`, format: 'cef' }]),
});

describe('a receiver of a tenant’s entries', () => {
  it('gets every entry once and in order while nothing happens, as CEF in counted syslog, and nothing of others', async () => {
    const [tenantId, other] = [newTenant(), newTenant()];
    await using siem = await openReceiver(WIRES.cef);
    await world.publish(failures(tenantId, 30));
    await using _a = await world.start(cefTo(tenantId, siem));
    await using _b = await world.start(cefTo(tenantId, siem));
    for (let part = 1; part <= 3; part += 1) {
      await world.publish([...failures(tenantId, 60), ...failures(other, 3)]);
      await siem.heard(30 + part * 60);
    }
    expect(siem.frames.map(WIRES.cef.sequenceIn)).toEqual(upTo(210));
    expect(siem.frames[0]).toMatch(
      /^<108>1 \S+ \S+ ironforge audit login_failed \[meta sequenceId="1"\] CEF:0\|/,
    );
    expect(siem.frames.every((frame) => frame.includes(tenantId))).toBe(true);
  });

  it('gets OCSF as lines over TLS, by the authority that it was given alone', async () => {
    const [tenantId, { cert, key }] = [newTenant(), newCertificate()];
    await using siem = await openReceiver(WIRES.ocsf, { cert, key });
    const target = { name: 'lake', tenantId, url: `tls://127.0.0.1:${siem.port}`, format: 'ocsf' };
    await world.publish([...failures(tenantId, 20), walletUpdated(tenantId, newTenant(), 1)]);
    {
      await using _stranger = await world.start({ AUDIT_PUSH: JSON.stringify([target]) });
      await world.numbered(tenantId, 21);
      await waitUntil('the refusal', () =>
        world.log.lines.some(({ fields }) => fields['follower'] === 'push:lake'),
      );
      expect(siem.frames).toEqual([]);
    }
    await using _service = await world.start({ AUDIT_PUSH: JSON.stringify([{ ...target, ca: cert }]) });
    expect(await siem.heard(21)).toEqual(upTo(21));
    const classes = siem.frames.map((frame) => /"class_uid":(\d+)/.exec(frame)?.[1]);
    expect(new Set(classes)).toEqual(new Set(['3002', '6003']));
  });

  it('that is away holds up nothing, and gets what it missed when it is back', async () => {
    const tenantId = newTenant();
    await using siem = await openReceiver(WIRES.cef);
    await using _service = await world.start(cefTo(tenantId, siem, 'away'));
    await world.publish(failures(tenantId, 40));
    await siem.heard(40);
    await siem.away();
    await world.publish(failures(tenantId, 40));
    await world.numbered(tenantId, 80);
    await siem.back();
    expect(await siem.heard(80)).toEqual(upTo(80));
  });

  it('whose connection is cut again and again in the middle gets every entry, in order but for repetitions', async () => {
    const tenantId = newTenant();
    await using siem = await openReceiver(WIRES.cef);
    let cuts = 0;
    siem.onConnection((socket) => {
      let bytes = 0;
      const most = 10_000 + cuts * 15_000;
      socket.on('data', (part) => {
        bytes += part.length;
        if (bytes < most || cuts >= 6) return;
        cuts += 1;
        socket.destroy();
      });
    });
    await using _service = await world.start(cefTo(tenantId, siem, 'cut'));
    for (let part = 1; part <= 4; part += 1) {
      await world.publish(failures(tenantId, 50));
      await world.numbered(tenantId, part * 50);
    }
    expect(await siem.heard(200)).toEqual(upTo(200));
    expect(cuts).toBeGreaterThan(2);
  });

  it('misses nothing when the process that serves it is killed', async () => {
    const tenantId = newTenant();
    await using siem = await openReceiver(WIRES.cef);
    for (let part = 1; part <= 3; part += 1) {
      const service = world.spawn(cefTo(tenantId, siem, 'killed'));
      await world.publish(failures(tenantId, 80));
      await siem.heard((part - 1) * 80 + 1);
      await service.kill();
      await world.database.query(`UPDATE audit_followers SET lease_expires_at = now() - interval '1 second'`);
    }
    await using _service = await world.start(cefTo(tenantId, siem, 'killed'));
    expect(await siem.heard(240)).toEqual(upTo(240));
  });

  it('that reads nothing holds up nothing, and gets all of it when it reads again', async () => {
    const tenantId = newTenant();
    await using siem = await openReceiver(WIRES.cef);
    const paused = Promise.withResolvers<() => void>();
    siem.onConnection((socket) => {
      socket.pause();
      paused.resolve(() => {
        siem.onConnection(() => undefined);
        socket.resume();
      });
    });
    await using _service = await world.start(cefTo(tenantId, siem, 'lazy'));
    const resume = await paused.promise;
    await world.publish(failures(tenantId, 300));
    await world.numbered(tenantId, 300);
    expect(siem.frames).toEqual([]);
    resume();
    expect(await siem.heard(300)).toEqual(upTo(300));
  });
});

it('the watch tells once of a receiver that is behind for too long, once of its end, and shows by how much', async () => {
  const tenantId = newTenant();
  await using siem = await openReceiver(WIRES.cef);
  await siem.away();
  await world.publish(failures(tenantId, 5));
  await using _service = await world.start(cefTo(tenantId, siem, 'late'));
  await world.numbered(tenantId, 5);
  const log = createCollectingLogger();
  const { registry } = createMetrics('audit');
  await using store = createStore({ url: world.database.url, log, pool: { min: 0, max: 2 } });
  const isWanted = ({ name }: { readonly name: string }) => name === 'push:late';
  const telemetry = createFollowTelemetry(registry);
  const told = () => log.lines.filter(({ fields }) => fields['alert'] === 'audit_push_behind');
  await using _watch = watchFollowers(
    { store, telemetry, log, isWanted },
    { intervalMs: 20, lagAlertSeconds: 1 },
  );
  await waitUntil('the alert', () => told().length === 1);
  expect(told()[0]).toMatchObject({
    level: 'error',
    fields: { tenantId, follower: 'push:late', entries: 5 },
  });
  expect(await registry.metrics()).toMatch(
    /audit_follower_entries_behind\{[^}]*follower="push:late"[^}]*\} 5\n/,
  );
  await siem.back();
  await waitUntil('its end', () => told().length === 2);
  expect(told()[1]?.level).toBe('warn');
});

it('a receiver is told of that got what the log does not have any more, since somebody put that back', async () => {
  const tenantId = newTenant();
  await using siem = await openReceiver(WIRES.cef);
  await world.publish(failures(tenantId, 5));
  await using _service = await world.start(cefTo(tenantId, siem, 'past'));
  expect(await siem.heard(5)).toEqual(upTo(5));
  const log = createCollectingLogger();
  await using store = createStore({ url: world.database.url, log, pool: { min: 0, max: 2 } });
  const isWanted = ({ name }: { readonly name: string }) => name === 'push:past';
  const telemetry = createFollowTelemetry(createMetrics('audit').registry);
  const told = () => log.lines.filter(({ fields }) => fields['alert'] === 'audit_follower_ahead');
  await using _watch = watchFollowers(
    { store, telemetry, log, isWanted },
    { intervalMs: 20, lagAlertSeconds: 60 },
  );
  const stand = 'UPDATE audit_followers SET sequence = $2 WHERE tenant_id = $1';
  await world.database.query(stand, [tenantId, 9]);
  await waitUntil('the alert', () => told().length === 1);
  expect(told()[0]?.fields).toMatchObject({ tenantId, follower: 'push:past', followed: 9, sealed: 5 });
  await world.database.query(stand, [tenantId, 5]);
  await waitUntil('its end', () => told().length === 2);
});
