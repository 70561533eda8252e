import { expect, it } from 'vitest';
import { createBells } from './bells.ts';
import { type Look, poll } from './poll.ts';
import { createWaitingRoom } from './waiting-room.ts';

const NOTHING: Look<string> = { found: [], nextMs: null };
const TENANT = 'ours';
/** No test waits for its end. */
const waitSeconds = 3_000;

function setUp(looks: readonly (() => Look<string>)[]) {
  const bells = createBells();
  const room = createWaitingRoom({ all: 3, ofTenant: 2 });
  const hangUp = new AbortController();
  let looked = 0;
  const look = async () => looks[Math.min(looked++, looks.length - 1)]?.() ?? NOTHING;
  const order = { tenantId: TENANT, waitSeconds, hungUp: hangUp.signal, look };
  return { bells, room, hangUp, order, looked: () => looked, begin: () => poll({ room, bells }, order) };
}

const nothing = () => NOTHING;
const task = () => ({ found: ['task'], nextMs: null });

it('gives what is there at once, and takes no seat for it', async () => {
  const { begin, room, looked } = setUp([task]);
  expect(await begin()).toEqual(['task']);
  expect([looked(), room.taken()]).toEqual([1, 0]);
});

it('does not wait unless it is asked to', async () => {
  const { room, bells, order } = setUp([nothing]);
  expect(await poll({ room, bells }, { ...order, waitSeconds: 0 })).toEqual([]);
});

it('misses no bell that rings while it looks', async () => {
  const { begin, bells, looked } = setUp([nothing, () => (bells.ring(TENANT), NOTHING), task]);
  expect(await begin()).toEqual(['task']);
  expect(looked()).toBe(3);
});

it('looks again at a bell of its tenant alone, and leaves no bell behind', async () => {
  const { begin, bells, looked, room } = setUp([nothing, nothing, task]);
  const answer = begin();
  await untilSeated(room.taken);
  bells.ring('theirs');
  await turn();
  expect(looked()).toBe(2);
  bells.ringAll();
  expect(await answer).toEqual(['task']);
  bells.ring(TENANT);
  expect([looked(), room.taken()]).toEqual([3, 0]);
});

it('looks again when a lease ends by itself', async () => {
  const { begin, looked } = setUp([nothing, () => ({ found: [], nextMs: 5 }), task]);
  expect(await begin()).toEqual(['task']);
  expect(looked()).toBe(3);
});

it('looks a last time when the wait is over, and gives nothing', async () => {
  const { room, bells, order, looked } = setUp([nothing]);
  expect(await poll({ room, bells }, { ...order, waitSeconds: 0.01 })).toEqual([]);
  expect(looked()).toBe(3);
});

it('ends when the caller hangs up, and when the room closes', async () => {
  const one = setUp([nothing]);
  const gone = one.begin();
  await untilSeated(one.room.taken);
  one.hangUp.abort();
  expect(await gone).toEqual([]);
  const two = setUp([nothing]);
  const closing = two.begin();
  await untilSeated(two.room.taken);
  two.room.close();
  expect([await closing, two.room.taken()]).toEqual([[], 0]);
  expect(await two.begin()).toEqual([]);
});

it('lets a tenant take its share of the seats, and all of them together no more than there are', () => {
  const { room } = setUp([]);
  const first = room.sit('a');
  room.sit('a');
  expect(() => room.sit('a')).toThrow('too_many_waiting');
  room.sit('b');
  expect(() => room.sit('b')).toThrow('too_many_waiting');
  first[Symbol.dispose]();
  room.sit('c');
  expect(room.taken()).toBe(3);
});

/** Gives way to everything else in between, so that a poll that never sits down meets the test's time-out. */
async function untilSeated(taken: () => number): Promise<void> {
  while (taken() === 0) await turn();
  await turn();
}

async function turn(): Promise<void> {
  await new Promise<void>((resolve) => void setImmediate(resolve));
}
