import { randomUUID } from 'node:crypto';
import { ROUTES } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import { Transaction } from 'ethers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deliver, moveHead, news, observed } from './testbed/news.fixture.ts';
import { askReplacement, askReplacementPayload, type Kind } from './testbed/replacement.fixture.ts';
import { broadcasts } from './testbed/published.fixture.ts';
import {
  created,
  read,
  refusalOf,
  replyOf,
  setPolicy,
  sign,
  signedRequest,
  submit,
} from './testbed/story.fixture.ts';
import { PAYEE, STUCK_BLOCKS, startWorld, type World } from './testbed/world.fixture.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const ask = (id: string, kind: Kind, body: { feeCeiling?: string } = {}) =>
  askReplacement(world, id, kind, { body });
const askPayload = (id: string, kind: Kind) => askReplacementPayload(world, id, kind);

describe('without approvals', () => {
  beforeAll(() => setPolicy(world, 'allow'));

  test('a speed-up pays the same on the same nonce, dearer by an eighth at least', async () => {
    const wallet = world.addWallet();
    const { id, offer, txHash } = await signedRequest(world, wallet);
    const asked = replyOf(await ask(id, 'speed_up'));
    expect(asked.attempts.map(({ kind, state }) => [kind, state])).toEqual([
      ['original', 'signed'],
      ['speed_up', 'offered'],
    ]);
    const faster = replyOf(await askPayload(id, 'speed_up'));
    expect(faster).toMatchObject({ kind: 'speed_up', intentHash: offer.intentHash });
    expect(faster.evm.nonce).toBe(offer.evm.nonce);
    expectEighthMore(faster.evm, offer.evm);
    expect(replyOf(await askPayload(id, 'speed_up'))).toEqual(faster);

    const bytes = sign(wallet.key, faster);
    const shown = replyOf(await submit(world, faster, bytes));
    const hash = Transaction.from(bytes).hash;
    expect(shown.attempts.map(({ txHash: one }) => one)).toEqual([txHash, hash]);
    const isDearer = ({ data }: { data: Readonly<Record<string, unknown>> }) => data['txHash'] === hash;
    const sent = await waitUntil('the dearer one to be sent', async () => {
      const all = await broadcasts(world, id);
      return all.some(isDearer) ? all : null;
    });
    // The cheaper one came once, or again every 5 s, since no node answers here.
    expect(sent.find(isDearer)?.data).toMatchObject({ raw: bytes, nonce: 0 });
    const cheaper = sent.slice(0, sent.findIndex(isDearer));
    expect(new Set(cheaper.map(({ data }) => data['txHash']))).toEqual(new Set([txHash]));
  });

  test.each([
    ['the speed-up', 1, ['replaced', 'mined']],
    ['the original', 0, ['mined', 'replaced']],
  ])('%s is mined: it decides, and the other closes', async (_what, winner, states) => {
    const { id, attempts } = await replaced(world.addWallet(), 'speed_up');
    const mined = attempts[winner];
    const seen = { attemptId: mined?.id ?? '', txHash: mined?.txHash ?? '' };
    await deliver(world, observed(world, id, { ...seen, version: 1, depth: 'confirmed' }));
    const { status, attempts: after, txHash } = await read(world, id);
    expect([status, txHash]).toEqual(['confirmed', seen.txHash]);
    expect(after.map(({ state }) => state)).toEqual(states);
  });

  test('a cancel sends nothing to oneself, and once it is mined the payment is cancelled', async () => {
    const wallet = world.addWallet();
    const { id, offer, attempts } = await replaced(wallet, 'cancel');
    expect(offer).toMatchObject({
      kind: 'cancel',
      intent: { to: wallet.address, amount: '0' },
      original: { intent: { to: PAYEE, amount: '5' } },
      required: [],
    });
    const { id: attemptId = '', txHash } = attempts[1] ?? {};
    await deliver(
      world,
      observed(world, id, { attemptId, txHash: txHash ?? '', version: 1, depth: 'confirmed' }),
    );
    expect(await read(world, id)).toMatchObject({ status: 'cancelled', reason: 'cancelled_on_chain' });
    await deliver(world, observed(world, id, { attemptId, txHash: txHash ?? '', version: 2, depth: 'none' }));
    expect(await read(world, id)).toMatchObject({ status: 'broadcasted', reason: 'reorged' });
  });

  test('a replacement that is not what it is called is refused, field by field', async () => {
    const wallet = world.addWallet();
    const { id } = await signedRequest(world, wallet);
    replyOf(await ask(id, 'cancel'));
    const offer = replyOf(await askPayload(id, 'cancel'));
    const altered = await submit(world, offer, sign(wallet.key, offer, { to: PAYEE, value: 1n }));
    expect(altered).toMatchObject({
      status: 422,
      problem: { code: 'signed_bytes_differ', detail: 'to, value' },
    });
    replyOf(await submit(world, offer, sign(wallet.key, offer)));
  });

  test.each(['speed_up', 'cancel'] as const)(
    'a %s that no node would take in place of what was signed is refused, so that this goes on being sent',
    async (kind) => {
      const wallet = world.addWallet();
      const { id, offer } = await signedRequest(world, wallet);
      replyOf(await ask(id, kind));
      const replacement = replyOf(await askPayload(id, kind));
      const { maxFeePerGas, maxPriorityFeePerGas } = offer.evm;
      for (const cheap of [{ maxFeePerGas, maxPriorityFeePerGas }, { maxPriorityFeePerGas }]) {
        const bytes = sign(wallet.key, replacement, cheap);
        expect(refusalOf(await submit(world, replacement, bytes))).toBe('422 signed_bytes_differ');
      }
      const enough = sign(wallet.key, replacement, eighthMore(offer.evm));
      replyOf(await submit(world, replacement, enough));
    },
  );

  test('one replacement at a time is open; before a signature and after the end there is none', async () => {
    const { id: unsigned } = await created(world, world.addWallet().id);
    expect(refusalOf(await ask(unsigned, 'speed_up'))).toBe('409 illegal_transition');
    expect(refusalOf(await askPayload(unsigned, 'speed_up'))).toBe('409 illegal_transition');
    const { id } = await signedRequest(world, world.addWallet());
    expect(refusalOf(await askPayload(id, 'speed_up'))).toBe('409 illegal_transition');
    replyOf(await ask(id, 'cancel'));
    expect(refusalOf(await ask(id, 'speed_up'))).toBe('409 illegal_transition');
    const own = await read(world, id);
    const seen = { attemptId: own.attempts[0]?.id ?? '', txHash: own.txHash ?? '' };
    await deliver(world, observed(world, id, { ...seen, version: 1, depth: 'confirmed' }));
    expect(refusalOf(await ask(id, 'cancel'))).toBe('409 illegal_transition');
    expect(refusalOf(await askPayload(id, 'speed_up'))).toBe('409 illegal_transition');
  });

  test('a speed-up that nobody was handed makes room for another ceiling, and any unsigned one for a cancel', async () => {
    const wallet = world.addWallet();
    const { id } = await signedRequest(world, wallet);
    const { feeCeiling } = replyOf(await ask(id, 'speed_up'));
    replyOf(await ask(id, 'speed_up', { feeCeiling: (BigInt(feeCeiling) - 1n).toString() }));
    const handedOut = replyOf(await askPayload(id, 'speed_up'));
    expect(refusalOf(await ask(id, 'speed_up'))).toBe('409 illegal_transition');
    replyOf(await ask(id, 'cancel'));
    expect(refusalOf(await submit(world, handedOut, sign(wallet.key, handedOut)))).toBe(
      '409 illegal_transition',
    );
    const offer = replyOf(await askPayload(id, 'cancel'));
    const { attempts } = replyOf(await submit(world, offer, sign(wallet.key, offer)));
    expect(attempts.map(({ kind, state }) => [kind, state])).toEqual([
      ['original', 'signed'],
      ['speed_up', 'replaced'],
      ['speed_up', 'replaced'],
      ['cancel', 'signed'],
    ]);
    expect(refusalOf(await ask(id, 'speed_up'))).toBe('409 illegal_transition');
  });

  test('the same key asks once, and a ceiling too low for a rise is named', async () => {
    const { id } = await signedRequest(world, world.addWallet());
    expect(refusalOf(await ask(id, 'speed_up', { feeCeiling: '1' }))).toBe('409 fee_above_ceiling');
    const headers = { 'idempotency-key': randomUUID() };
    const post = () =>
      world.ask(world.people.operator, ROUTES.speedUpTransaction, { params: { id }, body: {}, headers });
    const [first, second] = [replyOf(await post()), replyOf(await post())];
    expect(second).toEqual(first);
    expect((await read(world, id)).attempts).toHaveLength(2);
  });

  test('a denial of the policy now in force stops a speed-up, and never a cancel', async () => {
    const [{ id: denied }, { id: cancelled }] = [
      await signedRequest(world, world.addWallet()),
      await signedRequest(world, world.addWallet()),
    ];
    replyOf(await ask(denied, 'speed_up'));
    await setPolicy(world, 'deny');
    expect(refusalOf(await askPayload(denied, 'speed_up'))).toBe('409 illegal_transition');
    replyOf(await ask(cancelled, 'cancel'));
    expect(replyOf(await askPayload(cancelled, 'cancel'))).toMatchObject({ kind: 'cancel' });
    await setPolicy(world, 'allow');
  });
});

describe('a payment that no block takes', () => {
  async function broadcasted(wallet: ReturnType<World['addWallet']>, head: number) {
    await moveHead(world, head);
    const { id: requestId, shown, txHash } = await signedRequest(world, wallet);
    const sent = { requestId, attemptId: shown.attempts[0]?.id ?? '', txHash };
    await tell(sent, head);
    expect(await read(world, requestId)).toMatchObject({ status: 'broadcasted', reason: null });
    return sent;
  }

  /** The watcher says that a node has it, and that no block up to this height does. */
  const tell = (sent: Sent, height: number) =>
    deliver(world, news(world, 'chain.tx_accepted', { ...sent, height }));

  const reasonOf = async ({ requestId }: Sent) => (await read(world, requestId)).reason;

  test('is called stuck after the blocks of its chain, the first of its lane alone, until a speed-up is sent', async () => {
    const wallet = world.addWallet();
    const stuck = await broadcasted(wallet, 100);
    const behind = await broadcasted(wallet, 100);
    const later = await broadcasted(world.addWallet(), 100 + STUCK_BLOCKS);
    expect(await reasonOf(stuck)).toBeNull();
    await moveHead(world, 101 + STUCK_BLOCKS);
    for (const sent of [stuck, behind, later]) await tell(sent, 101 + STUCK_BLOCKS);
    await waitUntil('the request to be stuck', async () => (await reasonOf(stuck)) === 'stuck');
    expect([await reasonOf(behind), await reasonOf(later)]).toEqual([null, null]);

    replyOf(await ask(stuck.requestId, 'speed_up'));
    const offer = replyOf(await askPayload(stuck.requestId, 'speed_up'));
    expect(replyOf(await submit(world, offer, sign(wallet.key, offer))).reason).toBeNull();
    await moveHead(world, 100 + 2 * STUCK_BLOCKS);
    for (const sent of [stuck, behind, later]) await tell(sent, 100 + 2 * STUCK_BLOCKS);
    await waitUntil('the later one to be stuck', async () => (await reasonOf(later)) === 'stuck');
    expect([await reasonOf(stuck), await reasonOf(behind)]).toEqual([null, null]);
    const events = replyOf(
      await world.ask(world.people.operator, ROUTES.listTransactionEvents, {
        params: { id: stuck.requestId },
      }),
    );
    expect(events.data.filter(({ type }) => type === 'stuck')).toHaveLength(1);
  });

  test('is not called stuck as long as the watcher has not said so, however far the chain is', async () => {
    const [told, untold] = [
      await broadcasted(world.addWallet(), 200),
      await broadcasted(world.addWallet(), 200),
    ];
    await moveHead(world, 200 + 3 * STUCK_BLOCKS);
    await tell(told, 200 + STUCK_BLOCKS);
    await waitUntil('the one that was told of to be stuck', async () => (await reasonOf(told)) === 'stuck');
    expect(await reasonOf(untold)).toBeNull();
  });
});

interface Sent {
  readonly requestId: string;
  readonly attemptId: string;
  readonly txHash: string;
}

/** A request with a signed replacement. */
async function replaced(wallet: ReturnType<World['addWallet']>, kind: Kind) {
  const { id } = await signedRequest(world, wallet);
  replyOf(await ask(id, kind));
  const offer = replyOf(await askPayload(id, kind));
  const { attempts } = replyOf(await submit(world, offer, sign(wallet.key, offer)));
  return { id, offer, attempts };
}

type Fees = Record<'maxFeePerGas' | 'maxPriorityFeePerGas', string>;

function expectEighthMore(after: Fees, before: Fees): void {
  for (const name of ['maxFeePerGas', 'maxPriorityFeePerGas'] as const) {
    expect(BigInt(after[name]) * 8n).toBeGreaterThanOrEqual(BigInt(before[name]) * 9n);
  }
}

function eighthMore(fees: Fees): Fees {
  const risen = (fee: string) => ((BigInt(fee) * 9n) / 8n + 1n).toString();
  const { maxFeePerGas, maxPriorityFeePerGas } = fees;
  return { maxFeePerGas: risen(maxFeePerGas), maxPriorityFeePerGas: risen(maxPriorityFeePerGas) };
}
