import { waitUntil } from '@ironforge/testing';
import { type HDNodeWallet, Wallet } from 'ethers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askNode, endow, mine, reorg } from '../world/node.ts';
import { allowAll, ETHER, NATIVE, openWallet } from '../world/payment.ts';
import { foundTenant, type Tenant } from '../world/tenant.ts';
import { deployToken, fundToken, registerToken } from '../world/token.ts';
import { booksAgree, type Holding } from './reorg/books.ts';
import { type Asset, blockOf, deposit, isToldRightly, pay, type Transfer } from './reorg/transfer.ts';

const K = 2;
const isFull = process.env['IRONFORGE_FAULTS'] === 'full';
const DEPTHS = isFull ? Array.from({ length: K + 5 }, (_, index) => index + 1) : [1, K, K + 5];
const PLENTY = 10n ** 12n;
/** So that no reorg takes back what the addresses were endowed with. */
const DEEPER_THAN_ANY_REORG = 12;
const BLOCK_SECONDS = 1;

let tenant: Tenant;
let assets: readonly Asset[];
/** Who pays and who is paid, a wallet for each asset. */
let payers: readonly Holding[];
let payees: readonly Holding[];
let strangers: readonly HDNodeWallet[];

beforeAll(async () => {
  tenant = await foundTenant();
  await allowAll(tenant);
  const token = await deployToken({ feePercent: 0 });
  await registerToken(tenant, token);
  assets = [{ assetId: NATIVE, contract: null }, token];
  const open = (asset: Asset) => openWallet(tenant).then((wallet) => ({ wallet, asset }));
  payers = await Promise.all(assets.map(open));
  payees = await Promise.all(assets.map(open));
  strangers = assets.map(() => Wallet.createRandom());
  for (const { address } of strangers) await endow(address, ETHER);
  for (const { address } of [...payers.map(({ wallet }) => wallet), ...strangers])
    await fundToken(token, address, PLENTY);
  await mine(DEEPER_THAN_ANY_REORG);
  await askNode('evm_setIntervalMining', 0);
  await booksAgree(tenant, [...payers, ...payees]);
});
afterAll(() => askNode('evm_setIntervalMining', BLOCK_SECONDS));

/** What a reorg does to transfers that stood in the deepest of its blocks. */
const OUTCOMES: Readonly<Record<string, (depth: number, transfers: readonly Transfer[]) => Promise<void>>> = {
  'kept in their place': (depth, transfers) => reorg(depth, inBlock(0, bytesOf(transfers))),
  'moved to another block': async (depth, transfers) => {
    if (depth > 1) return await reorg(depth, inBlock(depth - 1, bytesOf(transfers)));
    await reorg(depth);
    for (const { bytes } of transfers) await askNode('eth_sendRawTransaction', bytes);
    await mine(1);
  },
  'dropped, and mined again later': async (depth, transfers) => {
    await reorg(depth);
    await haveBooks(transfers);
    for (const { bytes, isSentByUs } of transfers)
      if (!isSentByUs) await askNode('eth_sendRawTransaction', bytes);
    await waitUntil(
      'all are mined again',
      async () => {
        await mine(1);
        return (await Promise.all(transfers.map(blockOf))).every((hash) => hash !== null);
      },
      { intervalMs: 250 },
    );
  },
  'replaced on their nonces': (depth, transfers) => {
    const rivals = transfers.map(({ rival }) => rival);
    return reorg(depth, inBlock(0, rivals));
  },
};

describe.each(Object.entries(OUTCOMES))(
  'payments and deposits, of coin and of a token, that are %s',
  (outcome, undo) => {
    it.each(DEPTHS)('by a reorg of depth %i are told as the chain shows them', async (depth) => {
      const transfers = await mineAll();
      await mine(depth - 1);
      await haveBooks(transfers);
      await undo(depth, transfers);
      await haveBooks(transfers);
      await mine(K);
      const isReplaced = outcome.startsWith('replaced');
      const [paid, paidToken, got, gotToken] = await endsOf(transfers);
      const [paymentEnd, depositEnd] = isReplaced
        ? ['failed: replaced_outside', 'reorged']
        : ['confirmed', 'confirmed'];
      expect([paid, paidToken, got, gotToken]).toEqual([paymentEnd, paymentEnd, depositEnd, depositEnd]);
      await haveBooks(transfers);
    });
  },
);

/** Four transfers in one block. */
async function mineAll(): Promise<readonly Transfer[]> {
  const payments = await Promise.all(payers.map(({ wallet, asset }) => pay(tenant, wallet, asset)));
  const deposits: Transfer[] = [];
  for (const [index, { wallet, asset }] of payees.entries())
    deposits.push(
      await deposit(tenant, wallet, { asset, stranger: strangers[index] ?? Wallet.createRandom() }),
    );
  const transfers = [...payments, ...deposits];
  await mine(1);
  expect(new Set(await Promise.all(transfers.map(blockOf))).size, 'all are in one block').toBe(1);
  return transfers;
}

/** Each transfer stands where the node has it, and the balances are the node's. */
async function haveBooks(transfers: readonly Transfer[]): Promise<void> {
  await Promise.all(transfers.map(isToldRightly));
  await booksAgree(tenant, [...payers, ...payees]);
}

/** How the transfers stand once nothing of them is on its way. */
async function endsOf(transfers: readonly Transfer[]): Promise<readonly string[]> {
  return await Promise.all(
    transfers.map(({ standing }) =>
      waitUntil('its end', async () => {
        const { status } = await standing();
        return status === 'broadcasted' || status === 'pending' ? null : status;
      }),
    ),
  );
}

function inBlock(block: number, bytes: readonly string[]) {
  return bytes.map((raw) => [raw, block] as const);
}

function bytesOf(transfers: readonly Transfer[]): readonly string[] {
  return transfers.map(({ bytes }) => bytes);
}
