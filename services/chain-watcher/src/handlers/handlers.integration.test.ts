import { transferCall, waitUntil } from '@ironforge/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ALICE, BOB, CAROL } from '../chain-play.fixture.ts';
import { newIds } from '../service-play.fixture.ts';
import { startWorld, type World } from '../world.fixture.ts';

let world: World;

beforeEach(async () => {
  world = await startWorld();
  await world.startWatcher();
});
afterEach(() => world[Symbol.asyncDispose]());

it('asked again for a wallet that it watches, it says again from which height', async () => {
  const walletId = await world.watch(ALICE);
  const [first] = world.all('chain.address_watched');
  await world.anvil.mine(2);
  const newest = 'SELECT height::INT4 AS height FROM chain_cursors';
  await waitUntil('a later block', async () => {
    const [cursor] = await world.database.query(newest);
    return Number(cursor?.['height']) > Number(first?.fromHeight);
  });
  await world.askToWatch(walletId, ALICE);
  await waitUntil('the answer', () => world.all('chain.address_watched').length === 2);
  expect(world.all('chain.address_watched')[1]).toEqual(first);
});

describe('a payload to send', () => {
  it('is accepted, watched, and followed to depth K', async () => {
    await world.watch(ALICE);
    const { raw, txHash } = await signed();
    const ids = await world.broadcast({ address: ALICE, nonce: 0, raw, txHash });
    expect(await world.hear('chain.tx_accepted', () => true)).toMatchObject({ ...pick(ids), txHash });
    await world.anvil.mine();
    const winner = { attemptId: ids.attemptId, txHash, success: true };
    expect(await world.hear('chain.tx_observed', ({ depth }) => depth === 'included')).toMatchObject({
      winner,
    });
    await world.anvil.mine();
    expect(await world.hear('chain.tx_observed', ({ depth }) => depth === 'confirmed')).toMatchObject({
      winner,
    });
    expect(world.all('chain.tx_observed').map(({ depth }) => depth)).toEqual(['included', 'confirmed']);
  });

  it('sent twice is accepted twice and mined once; after it was mined the answer says so', async () => {
    await world.watch(ALICE);
    const { raw, txHash } = await signed();
    const ids = newIds();
    await world.broadcast({ address: ALICE, nonce: 0, raw, txHash }, ids);
    await world.broadcast({ address: ALICE, nonce: 0, raw, txHash }, ids);
    await waitUntil('two answers', () => world.all('chain.tx_accepted').length === 2);
    await world.anvil.mine(2);
    await world.hear('chain.tx_observed', ({ depth }) => depth === 'confirmed');
    await world.broadcast({ address: ALICE, nonce: 0, raw, txHash }, ids);
    await waitUntil('the third answer', () => world.all('chain.tx_accepted').length === 3);
    await waitUntil('what is seen', () => world.all('chain.tx_observed').at(-1)?.depth === 'confirmed');
    expect(world.all('chain.tx_refused')).toEqual([]);
  });

  it('whose message comes twice has one effect', async () => {
    await world.watch(ALICE);
    const { raw, txHash } = await signed();
    const { message, requestId } = await world.broadcast({ address: ALICE, nonce: 0, raw, txHash });
    await world.bus.publish([message, message]);
    await world.hear('chain.tx_accepted', () => true);
    // What is answered after the copies were given out has gone the same way as they have.
    const next = await world.sign({ from: ALICE, to: CAROL, value: '0x1', nonce: '0x1' });
    const last = await world.broadcast({ address: ALICE, nonce: 1, ...next });
    await world.hear('chain.tx_accepted', (data) => data.requestId === last.requestId);
    const isFirst = (data: { readonly requestId: string }) => data.requestId === requestId;
    expect(world.all('chain.tx_accepted').filter(isFirst)).toHaveLength(1);
    expect(world.all('chain.tx_observed').filter(isFirst)).toEqual([]);
  });

  it('that a signer had sent himself, and that was mined before we heard of it, is recognised', async () => {
    await world.watch(ALICE);
    const { raw, txHash } = await signed();
    await world.anvil.rpc('eth_sendRawTransaction', [raw]);
    await world.anvil.mine(3);
    await world.hear('chain.nonce_spent', ({ depth }) => depth === 'confirmed');
    const ids = await world.broadcast({ address: ALICE, nonce: 0, raw, txHash });
    const observed = await world.hear('chain.tx_observed', () => true);
    expect(observed).toMatchObject({ depth: 'confirmed', winner: { attemptId: ids.attemptId, txHash } });
    const rows = await world.database.query('SELECT tx_request_id FROM transactions');
    expect(rows).toEqual([{ tx_request_id: ids.requestId }]);
  });

  it('is refused with a reason that the node gave, and stays watched', async () => {
    await world.watch(ALICE);
    const rival = await signed();
    await world.anvil.rpc('eth_sendRawTransaction', [rival.raw]);
    const { raw, txHash } = await world.sign({ from: ALICE, to: BOB, value: '0x2', nonce: '0x0' });
    await world.broadcast({ address: ALICE, nonce: 0, raw, txHash });
    expect(await world.hear('chain.tx_refused', () => true)).toMatchObject({ reason: 'underpriced' });
    await world.anvil.mine();
    const spent = await world.hear('chain.nonce_spent', () => true);
    expect(spent).toMatchObject({ nonce: 0, tx: { hash: rival.txHash } });
  });

  it('that every node has forgotten is told as evicted, and sent again when it is asked for again', async () => {
    await world.watch(ALICE);
    const { raw, txHash } = await signed();
    const ids = newIds();
    await world.broadcast({ address: ALICE, nonce: 0, raw, txHash }, ids);
    await world.hear('chain.tx_accepted', () => true);
    await world.anvil.rpc('anvil_dropTransaction', [txHash]);
    await world.anvil.mine();
    await world.caughtUp();
    expect(world.all('chain.tx_observed').map(({ depth }) => depth)).toEqual([]);
    await world.broadcast({ address: ALICE, nonce: 0, raw, txHash }, ids);
    expect(await world.hear('chain.tx_refused', () => true)).toMatchObject({ ...ids, reason: 'evicted' });
    await world.broadcast({ address: ALICE, nonce: 0, raw, txHash }, ids);
    await waitUntil('two answers', () => world.all('chain.tx_accepted').length === 2);
    expect(world.all('chain.tx_refused')).toHaveLength(1);
    await world.anvil.mine();
    await world.hear('chain.tx_observed', ({ depth }) => depth === 'included');
  });

  it('of a token that its sender lacks is not sent until he has it, although the node would take it', async () => {
    const token = await world.deployToken();
    await world.watch(ALICE);
    await world.watchAsset(token.assetId);
    await world.hear('wallet.balance_observed', ({ assetId }) => assetId === token.assetId);
    const to = token.assetId.split(':').at(-1);
    const call = { from: ALICE, to, data: transferCall(BOB, 5n), nonce: '0x0', gas: '0x20000' };
    const { raw, txHash } = await world.sign(call);
    const ids = await world.broadcast({ address: ALICE, nonce: 0, raw, txHash });
    const refused = await world.hear('chain.tx_refused', () => true);
    expect(refused).toMatchObject({ ...pick(ids), reason: 'insufficient_funds' });
    expect(await world.anvil.rpc('eth_getTransactionByHash', [txHash])).toBeNull();
    await token.transfer(ALICE, 5n);
    await world.anvil.mine();
    await world.broadcast({ address: ALICE, nonce: 0, raw, txHash }, pick(ids));
    expect(await world.hear('chain.tx_accepted', () => true)).toMatchObject({ ...pick(ids), txHash });
    await world.anvil.mine();
    const included = await world.hear('chain.tx_observed', ({ depth }) => depth === 'included');
    expect(included).toMatchObject({ winner: { success: true } });
  });

  it('waits for a node that stands still; it is not refused, and goes out when the node is back', async () => {
    await world.watch(ALICE);
    const { raw, txHash } = await signed();
    world.anvil.freeze();
    await world.broadcast({ address: ALICE, nonce: 0, raw, txHash });
    // Waiting costs no tries: a message that used them up would be dead before the node is back. And it waits alone.
    const said = (message: string) =>
      world.log.lines.some((line) => line.message === message && line.fields['queue'] === 'tx_broadcast.evm');
    await waitUntil('an end of the time-outs', () => said('a message waits alone') || said('handler failed'));
    expect(said('handler failed') || said('consumer pauses')).toBe(false);
    expect(world.all('chain.tx_refused')).toEqual([]);
    world.anvil.resume();
    await world.hear('chain.tx_accepted', () => true);
    await world.anvil.mine();
    await world.hear('chain.tx_observed', ({ depth }) => depth === 'included');
  });

  async function signed() {
    return await world.sign({ from: ALICE, to: CAROL, value: '0x1', nonce: '0x0' });
  }
});

describe('a token', () => {
  it('is read for every wallet when it is registered, and followed from then on', async () => {
    const token = await world.deployToken();
    const walletId = await world.watch(BOB);
    await world.watchAsset(token.assetId);
    const zero = await world.hear('wallet.balance_observed', ({ assetId }) => assetId === token.assetId);
    expect(zero).toMatchObject({ walletId, amount: '0', pending: '0' });
    await token.transfer(BOB, 900n);
    await world.anvil.mine(2);
    const amount = await world.hear('wallet.balance_observed', (data) => {
      return data.assetId === token.assetId && data.amount === '900' && data.pending === '0';
    });
    expect(amount).toMatchObject({ walletId });
    const rows = await world.database.query(
      'SELECT direction, asset_id, amount, transfer_index FROM transactions',
    );
    expect(rows).toMatchObject([
      { direction: 'in', asset_id: token.assetId, amount: '900', transfer_index: 1 },
    ]);
  });
});

function pick({ requestId, attemptId }: { requestId: string; attemptId: string }) {
  return { requestId, attemptId };
}
