import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROUTES } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import { expect, it } from 'vitest';
import { readAsyncApi } from './world/asyncapi.ts';
import { listen, type Message, publish, queueNames, take } from './world/broker.ts';
import { mine } from './world/node.ts';
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
  await sleep(2_000);
  const before = await pictureOf(tenant, wallet, request.id);

  const copied = await copies.drain();
  await expectDocumented(copied);
  const messages = copied.filter(({ payload }) => payload.includes(tenant.id)).toReversed();
  expect(messages.length).toBeGreaterThan(10);
  for (const message of [...messages, ...messages]) await publish('ironforge.events', message);

  await sleep(3_000);
  expect(await pictureOf(tenant, wallet, request.id)).toEqual(before);
});

it('puts what cannot be read aside with the reason, while its siblings go on', async () => {
  const tenant = await foundTenant();
  await allowAll(tenant);
  const wallet = await openWallet(tenant);
  const dead = (await queueNames()).filter((name) => name.endsWith('.dead'));
  expect(dead.length).toBeGreaterThan(3);
  const marks = await Promise.all(dead.map((name) => poison(name.replace(/\.dead$/, ''))));

  const request = await askToPay(tenant.operator, wallet);
  await signAndSubmit(tenant.signer, request, wallet.key);
  await untilStatus(tenant.operator, request, 'confirmed');

  for (const [index, name] of dead.entries()) {
    const found = await waitUntil(`the poison in ${name}`, async () =>
      (await take(name)).find(({ payload }) => payload.includes(String(marks[index]))),
    );
    expect(`${name} ${JSON.stringify(found.properties)}`).toMatch(/reason/);
  }
});

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
  const check = await readAsyncApi();
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
  return { request: { ...request, confirmations: null }, events, entries, amounts };
}
