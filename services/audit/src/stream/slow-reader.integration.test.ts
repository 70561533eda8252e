import { randomUUID } from 'node:crypto';
import { createFaultProxy, waitUntil } from '@ironforge/testing';
import { expect, it } from 'vitest';
import { type AuditWorld, createAuditWorld, message, newTenant, personOf } from '../audit.fixture.ts';
import { askForStream, readStream } from './reader.fixture.ts';

const PAGE = 100;
const ENTRIES = 30 * PAGE;
/** Long names, so that the log is longer than all buffers of sockets on the way, which hold some megabytes. */
const NAME_BYTES = 8_000;
const LOG_BYTES = ENTRIES * NAME_BYTES;

it('a reader who stops reading holds the service back from the database, and has missed nothing when he reads on', async () => {
  await using world = await createAuditWorld();
  const tenantId = await longLog(world);
  const { DATABASE_URL } = world.config;
  await using line = await createFaultProxy(DATABASE_URL);
  let readBytes = 0;
  line.onAnswer((chunk) => {
    readBytes += chunk.length;
    return 'pass';
  });
  const { url } = await world.start({ DATABASE_URL: line.urlFor(DATABASE_URL) });
  const authorization = await world.authorize(personOf(tenantId, 'audit:read'));
  const unread = await askForStream(url, { authorization }, '?after=0');
  await waitUntil('the first page', () => readBytes > PAGE * NAME_BYTES);
  await standsStill(() => readBytes);
  expect(readBytes).toBeLessThan(LOG_BYTES / 2);
  await using stream = readStream(unread);
  await stream.heard(ENTRIES);
  expect(stream.told.map(({ sequence }) => sequence)).toEqual(
    Array.from({ length: ENTRIES }, (_, at) => at + 1),
  );
  expect(readBytes).toBeGreaterThan(LOG_BYTES);
});

/** A sealed log of so many entries, made by a service that does nothing else. */
async function longLog(world: AuditWorld) {
  const tenantId = newTenant();
  await world.start();
  for (let made = 0; made < ENTRIES; made += PAGE)
    await world.publish(Array.from({ length: PAGE }, () => walletNamed(tenantId, 'x'.repeat(NAME_BYTES))));
  await waitUntil('all to be sealed', async () => {
    const rows = await world.database.query('SELECT sealed_size FROM audit_sequencers WHERE tenant_id = $1', [
      tenantId,
    ]);
    return Number(rows[0]?.['sealed_size']) === ENTRIES;
  });
  return tenantId;
}

function walletNamed(tenantId: ReturnType<typeof newTenant>, name: string) {
  const wallet = {
    ...{ id: randomUUID(), userId: randomUUID(), chainId: 'eip155:31337', name },
    ...{ address: '0x00000000000000000000000000000000000000Ab', type: 'hot', status: 'active' },
    ...{ policyId: null, isWatchOnly: false, tags: [] },
  };
  return message('wallet.updated', { tenantId, subject: wallet.id, version: 1, data: { wallet } });
}

/** Waits until no page was read for a second; what a service does besides is less than one. */
async function standsStill(read: () => number): Promise<void> {
  let before = -PAGE * NAME_BYTES;
  await waitUntil(
    'the service to stand still',
    () => {
      const isStill = read() - before < PAGE * NAME_BYTES;
      before = read();
      return isStill;
    },
    { intervalMs: 1_000 },
  );
}
