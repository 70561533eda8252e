import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ALICE, BOB } from '../chain-play.fixture.ts';
import { startWorld, type World } from '../world.fixture.ts';

let world: World;

beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world[Symbol.asyncDispose]());

const GAS_PRICE = '0x77359401';
const PRICED = { maxFeePerGas: '2000000001', maxPriorityFeePerGas: '2000000001' };
const ACCESS_LIST = [{ address: BOB, storageKeys: [] }];

describe('a nonce that a transaction spent is told with the terms of that transaction', () => {
  it.each([
    ['of type 0', { type: '0x0', gasPrice: GAS_PRICE }, { type: 0, ...PRICED, attachments: [] }],
    [
      'of type 1 with an access list',
      { type: '0x1', gasPrice: GAS_PRICE, accessList: ACCESS_LIST },
      { type: 1, ...PRICED, attachments: ['access_list'] },
    ],
    [
      'of type 2 with an access list',
      { type: '0x2', maxFeePerGas: GAS_PRICE, maxPriorityFeePerGas: '0x3', accessList: ACCESS_LIST },
      { type: 2, ...PRICED, maxPriorityFeePerGas: '3', attachments: ['access_list'] },
    ],
  ])('%s', async (_, fields, terms) => {
    await world.startWatcher();
    await world.watch(ALICE);
    await send(fields);
    const included = await world.hear('chain.nonce_spent', ({ depth }) => depth === 'included');
    expect(included.tx).toMatchObject({ gasLimit: 40_000, ...terms });
  });

  it('and with the same after a restart, and after its block was undone and came back', async () => {
    const first = await world.startWatcher();
    await world.watch(ALICE);
    const { raw } = await world.sign(typeOne());
    await world.anvil.rpc('eth_sendRawTransaction', [raw]);
    await world.anvil.mine();
    const { tx } = await world.hear('chain.nonce_spent', ({ depth }) => depth === 'included');
    expect(tx).toMatchObject({ type: 1, attachments: ['access_list'] });
    await first[Symbol.asyncDispose]();
    await world.startWatcher();
    await world.anvil.mine();
    const later = await world.hear('chain.nonce_spent', ({ depth }) => depth === 'confirmed');
    expect(later.tx).toEqual(tx);
    await world.caughtUp();
    await world.anvil.reorg(2, [[raw, 0]]);
    await world.hear('chain.nonce_spent', ({ depth, tx: shown }) => depth === 'none' && shown === null);
    await world.caughtUp();
    const again = await world.hear('chain.nonce_spent', ({ version }) => version > later.version + 1);
    expect({ ...again.tx, blockHash: '', feePaid: '' }).toEqual({ ...tx, blockHash: '', feePaid: '' });
  });
});

async function send(fields: object): Promise<void> {
  const call = { from: ALICE, to: BOB, value: '0x1', gas: '0x9c40', ...fields };
  await world.anvil.rpc('eth_sendTransaction', [call]);
  await world.anvil.mine();
}

function typeOne() {
  const call = { from: ALICE, to: BOB, value: '0x1', nonce: '0x0', gas: '0x9c40' };
  return { ...call, type: '0x1', gasPrice: GAS_PRICE, accessList: ACCESS_LIST };
}
