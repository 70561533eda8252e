import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  deliver,
  observedTogether,
  observedWithNonce,
  type SignedPayment,
  spent,
} from './testbed/news.fixture.ts';
import { read, setPolicy, signedRequest } from './testbed/story.fixture.ts';
import { startWorld, type World } from './testbed/world.fixture.ts';

let world: World;
let wallet: ReturnType<World['addWallet']>;
beforeAll(async () => {
  world = await startWorld();
  await setPolicy(world, 'allow');
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(() => {
  wallet = world.addWallet();
});

type Seen = Parameters<typeof observedTogether>[2];

test.each([
  {
    how: 'one message each',
    tell: (payments: readonly SignedPayment[], seen: Seen) =>
      payments.map((payment) => observedWithNonce(world, payment, seen)),
  },
  {
    how: 'one message for all',
    tell: (payments: readonly SignedPayment[], seen: Seen) => [observedTogether(world, payments, seen)],
  },
])(
  'payments of one sender that are told together are confirmed, and their nonces spent: $how',
  async ({ tell }) => {
    const payments: SignedPayment[] = [];
    for (let nonce = 0; nonce < 4; nonce += 1) {
      const { id, shown, txHash } = await signedRequest(world, wallet);
      payments.push({ id, txHash, attemptId: shown.attempts[0]?.id ?? '', address: wallet.address, nonce });
    }
    const confirmed = tell(payments, { version: 2, depth: 'confirmed' });
    const included = tell(payments, { version: 1, depth: 'included' });
    await deliver(world, ...confirmed, ...included);
    const shown = await Promise.all(payments.map(({ id }) => read(world, id)));
    expect(shown.map(({ status }) => status)).toEqual(payments.map(() => 'confirmed'));
    expect(shown.map(({ attempts }) => attempts[0]?.fee.paid)).toEqual(payments.map(() => '21000'));
    const place = [wallet.address];
    const slots = await world.database.query(
      `SELECT state, spent_depth FROM nonce_slots WHERE address = $1 ORDER BY nonce`,
      place,
    );
    expect(slots).toEqual(payments.map(() => ({ state: 'spent', spent_depth: 'confirmed' })));
    const lanes = await world.database.query(
      `SELECT mined_count::INT4 FROM nonce_lanes WHERE address = $1`,
      place,
    );
    expect(lanes).toEqual([{ mined_count: 4 }]);
  },
);

test('of two words about one nonce that come together the newer counts, whichever says it beside a request', async () => {
  const { id, shown, txHash } = await signedRequest(world, wallet);
  const payment = { id, txHash, attemptId: shown.attempts[0]?.id ?? '', address: wallet.address, nonce: 0 };
  const included = (version: number) => observedWithNonce(world, payment, { version, depth: 'included' });
  const free = spent(world, { address: wallet.address, nonce: 0, version: 2, depth: 'none' }, null);
  await deliver(world, included(1), included(3), free);
  const slots = await world.database.query(
    `SELECT state, spent_version::INT4 FROM nonce_slots WHERE address = $1`,
    [wallet.address],
  );
  expect(slots).toEqual([{ state: 'spent', spent_version: 3 }]);
});
