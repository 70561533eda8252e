import { randomUUID } from 'node:crypto';
import { beforeEach, expect, it } from 'vitest';
import { newTenant, walletUpdated } from '../audit.fixture.ts';
import { createEventHandler } from './record-events.ts';

const { id, body } = walletUpdated(newTenant(), randomUUID(), 3);
const recorded: string[] = [];
const handle = createEventHandler({
  record: async ({ eventId }) => void recorded.push(eventId),
  telemetry: { eventsRecorded: () => undefined },
  newId: randomUUID,
});
beforeEach(() => recorded.splice(0));

const deliveryOf = (given: unknown, timesPutOff = 0) => ({
  ...{ id, queue: 'audit', body: given, attempt: 0, timesPutOff, redelivered: false },
});

it('acks an event once its entry is stored', async () => {
  expect(await handle(deliveryOf(body))).toBe('ack');
  expect(recorded).toEqual([id]);
});

it('lets an event of a type that only a newer process knows wait for it, and not for ever', async () => {
  const newer = { ...body, type: 'wallet.renamed_by_a_newer_process' };
  await expect(handle(deliveryOf(newer))).rejects.toMatchObject({ code: 'postponed' });
  expect(await handle(deliveryOf(newer, 40))).toEqual({ dead: `unknown event type ${newer.type}` });
  expect(recorded).toEqual([]);
});

it('gives up at once what tells no event', async () => {
  expect(await handle(deliveryOf({}))).toHaveProperty('dead');
});
