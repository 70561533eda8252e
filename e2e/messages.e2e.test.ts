import { randomUUID } from 'node:crypto';
import { ROUTES } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import { expect, it } from 'vitest';
import { readAsyncApi } from './world/asyncapi.ts';
import { z } from 'zod';
import { listen, type Message, publish, queueNames, take } from './world/broker.ts';
import { balanceOf, mine } from './world/node.ts';
import {
  allowAll,
  askToPay,
  type KeyedWallet,
  openWallet,
  readRequest,
  signAndSubmit,
  untilStatus,
} from './world/payment.ts';
import { foundTenant, type Tenant } from './world/tenant.ts';

it('has one effect per event, even when each comes again, twice and in the wrong order', async () => {
  const copies = await listen(`e2e.${randomUUID()}`);
  const tenant = await foundTenant();
  await allowAll(tenant);
  const wallet = await openWallet(tenant);
  const request = await askToPay(tenant.operator, wallet);
  await signAndSubmit(tenant.signer, request, wallet.key);
  await untilStatus(tenant.operator, request, 'confirmed');
  await mine(40);
  await waitUntil('it is final', async () => (await readRequest(tenant.operator, request)).finalizedAt);
  const messages = await everything({ tenant, wallet, copies, requestId: request.id });
  const before = await pictureOf(tenant, wallet, request.id);

  await expectDocumented(messages);
  const again = messages.toReversed();
  for (const message of [...again, ...again]) await publish('ironforge.events', message);

  await allAreDelivered();
  const { id: last } = await tenant.admin.call(ROUTES.createApiKey, { body: { name: 'the last event' } });
  const after = await waitUntil('its entry', async () => {
    const picture = await pictureOf(tenant, wallet, request.id);
    return picture.entries.some(({ resourceId }) => resourceId === last) && picture;
  });
  expect({ ...after, entries: after.entries.slice(0, -1) }).toEqual(before);
});

it('puts what cannot be read aside with the reason, while its siblings go on', async () => {
  const tenant = await foundTenant();
  await allowAll(tenant);
  const wallet = await openWallet(tenant);
  const poisoned = await poisonAll();
  expect(poisoned.length).toBeGreaterThan(3);

  const request = await askToPay(tenant.operator, wallet);
  await signAndSubmit(tenant.signer, request, wallet.key);
  await untilStatus(tenant.operator, request, 'confirmed');

  for (const found of await laidAside(poisoned)) expect(found).toMatch(/reason/);
});

interface Told {
  readonly tenant: Tenant;
  readonly wallet: KeyedWallet;
  readonly requestId: string;
  readonly copies: { drain(): Promise<readonly Message[]> };
}

/** Waits until all that a tenant's payment leads to was told, and is in the audit log; gives every message of it. */
async function everything({ tenant, wallet, requestId, copies }: Told): Promise<readonly Message[]> {
  const messages: Message[] = [];
  await waitUntil('everything is told', async () => {
    messages.push(...(await copies.drain()).filter(({ payload }) => payload.includes(tenant.id)));
    const events = messages.map(({ payload }) => Event.parse(JSON.parse(payload)));
    const left = String(await balanceOf(wallet.address));
    const { entries, amounts } = await pictureOf(tenant, wallet, requestId);
    const recorded = new Set(entries.map(({ eventId }) => eventId));
    return (
      events.some(({ type, subject }) => type === 'tx_request.finalized' && subject === requestId) &&
      events.some(({ type, data }) => type === 'wallet.balance_changed' && data.newBalance === left) &&
      amounts.every(({ available }) => available === left) &&
      events.every(({ id, type }) => NOT_RECORDED.test(type) || recorded.has(id))
    );
  });
  return messages;
}

const Event = z.object({
  id: z.string(),
  type: z.string(),
  subject: z.string(),
  data: z.looseObject({ newBalance: z.string().optional() }),
});

/** What the watcher tells other services is no act of anybody; a deposit is one. */
const NOT_RECORDED = /^chain\.(?!deposit_)|^wallet\.balance_observed$/;

interface Poison {
  readonly queue: string;
  readonly mark: string;
}

/** Puts a message that nobody can read into each queue. */
async function poisonAll(): Promise<readonly Poison[]> {
  const dead = (await queueNames()).filter((name) => name.endsWith('.dead'));
  const queues = dead.map((name) => name.replace(/\.dead$/, ''));
  return Promise.all(queues.map(async (queue) => ({ queue, mark: await poison(queue) })));
}

/** Waits until each is put aside; gives the queues, each with what the broker says about its message. */
function laidAside(poisoned: readonly Poison[]): Promise<readonly string[]> {
  return Promise.all(
    poisoned.map(async ({ queue, mark }) => {
      const found = await waitUntil(`the poison of ${queue}`, async () =>
        (await take(`${queue}.dead`)).find(({ payload }) => payload.includes(mark)),
      );
      return `${queue} ${JSON.stringify(found.properties)}`;
    }),
  );
}

/** A queue keeps its order: when what was put in last has come out, everything before was given to its consumer. */
async function allAreDelivered(): Promise<void> {
  await laidAside(await poisonAll());
}

async function poison(queue: string): Promise<string> {
  const mark = randomUUID();
  const message: Message = {
    routing_key: queue,
    payload: `{"no envelope": "${mark}"`,
    properties: { message_id: mark },
  };
  await publish('amq.default', message);
  return mark;
}

/** What came over the wire is what the AsyncAPI document describes. */
async function expectDocumented(messages: readonly Message[]): Promise<void> {
  const { check } = await readAsyncApi();
  for (const { routing_key: routingKey, payload, properties } of messages) {
    const body: unknown = JSON.parse(payload);
    expect(check({ exchange: 'ironforge.events', routingKey, body })).toEqual([]);
    expect(properties).toMatchObject({ content_type: 'application/cloudevents+json', delivery_mode: 2 });
  }
}

async function pictureOf({ operator, compliance }: Tenant, wallet: KeyedWallet, id: string) {
  const [request, events, entries, balances] = await Promise.all([
    readRequest(operator, { id }),
    operator.call(ROUTES.listTransactionEvents, { params: { id } }),
    compliance.call(ROUTES.listAuditEntries, { query: { limit: 200 } }),
    operator.call(ROUTES.getBalances, { params: { id: wallet.id } }),
  ]);
  const amounts = balances.data.map(({ assetId, amount, available }) => ({ assetId, amount, available }));
  return { request: { ...request, confirmations: null }, events, entries: entries.data, amounts };
}
