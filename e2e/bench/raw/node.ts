import { randomBytes } from 'node:crypto';
import { waitUntil } from '@ironforge/testing';
import { Wallet } from 'ethers';
import { rpc, rpcBatch } from '../load/rpc.ts';
import { tokenTransfer } from '../load/token.ts';
import { GAS, gasPrice, type OwnTransaction, sendAll, signOwn, treasurer } from '../load/treasury.ts';
import { rateOf } from './clock.ts';

const SENDERS = 10;
const WORKERS = 16;
const WEI_EACH = 10n ** 18n;

/** Signed transfers that the bare node takes a second. The signing is done before; a token's transfers move nothing. */
export async function rawSends(count: number, assetId: string): Promise<number> {
  const wallets = Array.from({ length: SENDERS }, () => new Wallet(Wallet.createRandom().privateKey));
  await sendAll(
    treasurer(),
    wallets.map(({ address: to }) => ({ to, value: WEI_EACH, gasLimit: GAS.native })),
  );
  const priceWei = await gasPrice();
  const signed = Array.from({ length: count }, (_, index) => {
    const wallet = wallets[index % SENDERS] ?? wallets[0];
    if (wallet === undefined) throw new Error('there are senders');
    return signOwn(wallet, ownTransfer(assetId), { nonce: Math.floor(index / SENDERS), priceWei });
  });
  const hashes: unknown[] = [];
  const perSecond = await rateOf({ count, workers: WORKERS }, async (index) =>
    hashes.push(await rpc('eth_sendRawTransaction', signed[index])),
  );
  await waitUntil('the raw transfers are mined', () => rpc('eth_getTransactionReceipt', hashes.at(-1)));
  return perSecond;
}

/** Calls a second that the bare node answers, ten in one request, as the watcher asks them: balances of its own account. */
export async function rawCalls(count: number): Promise<number> {
  const { address } = treasurer();
  const calls = Array.from({ length: CALLS_TOGETHER }, () => ['eth_getBalance', address, 'latest'] as const);
  const batches = Math.ceil(count / CALLS_TOGETHER);
  const perSecond = await rateOf({ count: batches, workers: WORKERS }, () => rpcBatch(calls));
  return perSecond * CALLS_TOGETHER;
}

const CALLS_TOGETHER = 10;

function ownTransfer(assetId: string): OwnTransaction {
  const to = `0x${randomBytes(20).toString('hex')}`;
  const contract = assetId.split('erc20:')[1];
  return contract === undefined ? { to, value: 1n, gasLimit: GAS.native } : tokenTransfer(contract, to, 0n);
}
