import { waitUntil } from '@ironforge/testing';
import { Transaction, Wallet } from 'ethers';
import { chain } from '../../world/environment.ts';
import { present } from '../../world/present.ts';
import { rpc } from './rpc.ts';

/** What one transfer of any kind here needs at most. */
export const GAS = { native: 21_000n, token: 120_000n, deploy: 600_000n };

/** One transaction that an account of ours sends past IronForge. */
export interface OwnTransaction {
  readonly to: string | null;
  readonly value?: bigint;
  readonly data?: string;
  readonly gasLimit: bigint;
}

const TIP_WEI = 1_000_000_000n;

/** Signs a transaction of ours at a nonce, at twice the present price. */
export function signOwn(
  wallet: Wallet,
  own: OwnTransaction,
  terms: { readonly nonce: number; readonly priceWei: bigint },
): string {
  const { nonce, priceWei } = terms;
  const transaction = Transaction.from({
    ...own,
    type: 2,
    chainId: BigInt(chain.chainId.split(':')[1] ?? '0'),
    nonce,
  });
  transaction.maxPriorityFeePerGas = TIP_WEI;
  transaction.maxFeePerGas = priceWei * 2n + TIP_WEI;
  transaction.signature = wallet.signingKey.sign(transaction.unsignedHash);
  return transaction.serialized;
}

/** The node's present price for a unit of gas, in wei. */
export async function gasPrice(): Promise<bigint> {
  return BigInt(String(await rpc('eth_gasPrice')));
}

/** The account that pays for benches: BENCH_FUNDER_KEY, or the local chain's own rich account. */
export function treasurer(): Wallet {
  const key = process.env['BENCH_FUNDER_KEY'] ?? chain.faucet?.privateKey;
  return new Wallet(present(key, 'BENCH_FUNDER_KEY, the key of an account that pays for the bench'));
}

/** Sends transactions of one account one after the other and waits until the last is mined; gives their hashes. */
export async function sendAll(from: Wallet, transactions: readonly OwnTransaction[]): Promise<string[]> {
  const first = Number(await rpc('eth_getTransactionCount', from.address, 'latest'));
  const priceWei = await gasPrice();
  const hashes: string[] = [];
  for (const [index, own] of transactions.entries()) {
    const raw = signOwn(from, own, { nonce: first + index, priceWei });
    hashes.push(String(await rpc('eth_sendRawTransaction', raw)));
  }
  await waitUntil('own transactions are mined', () => rpc('eth_getTransactionReceipt', hashes.at(-1)));
  return hashes;
}
