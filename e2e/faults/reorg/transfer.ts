import { ROUTES } from '@ironforge/contracts';
import { transferCall, waitUntil } from '@ironforge/testing';
import { type HDNodeWallet, Transaction, type TransactionLike, Wallet } from 'ethers';
import { z } from 'zod';
import { chain } from '../../world/environment.ts';
import { askNode, minedCount } from '../../world/node.ts';
import {
  askToPay,
  type KeyedWallet,
  readRequest,
  signatureFor,
  signPayload,
  takePayload,
  untilStatus,
} from '../../world/payment.ts';
import { present } from '../../world/present.ts';
import type { Tenant } from '../../world/tenant.ts';

/** Coin or a token: its id, and its contract if it has one. */
export interface Asset {
  readonly assetId: string;
  readonly contract: string | null;
}

/** What is said of a transfer: in which block it is, and how it stands. */
export interface Standing {
  readonly blockHash: string | null;
  readonly status: string;
}

/** A transfer that waits to be mined, and what could be mined on its nonce instead. */
export interface Transfer {
  readonly hash: string;
  readonly bytes: string;
  readonly rival: string;
  /** True for what IronForge sends by itself, as often as needed. */
  readonly isSentByUs: boolean;
  readonly standing: () => Promise<Standing>;
}

const AMOUNT = 1_000n;

/** Has a wallet pay to a new address, up to the point where a node has the bytes. */
export async function pay(
  { operator, signer }: Tenant,
  wallet: KeyedWallet,
  { assetId }: Asset,
): Promise<Transfer> {
  const request = await askToPay(operator, wallet, { assetId, amount: AMOUNT.toString() });
  const offer = await takePayload(signer, request);
  const bytes = signPayload(offer, wallet.key);
  await signer.call(ROUTES.submitSignature, signatureFor(offer, bytes));
  await untilStatus(operator, request, 'broadcasted');
  const nothing = { to: wallet.address, value: 0n, data: '0x' };
  const rival = signPayload(offer, wallet.key, (tx) => void Object.assign(tx, nothing));
  return {
    ...transferOf(bytes, rival),
    isSentByUs: true,
    standing: async () => {
      const { blockHash, status, reason } = await readRequest(operator, request);
      return { blockHash, status: status === 'failed' ? `failed: ${reason}` : status };
    },
  };
}

/** Has a stranger pay to a wallet. */
export async function deposit(
  { operator }: Tenant,
  { id, address }: KeyedWallet,
  { asset: { assetId, contract }, stranger }: { readonly asset: Asset; readonly stranger: HDNodeWallet },
): Promise<Transfer> {
  const what =
    contract === null
      ? { to: address, value: AMOUNT }
      : { to: contract, value: 0n, data: transferCall(address, AMOUNT) };
  const terms = await termsOf(stranger.address);
  const bytes = signed(stranger, { ...terms, ...what });
  const rival = signed(stranger, { ...terms, to: Wallet.createRandom().address, value: 1n });
  await askNode('eth_sendRawTransaction', bytes);
  const transfer = transferOf(bytes, rival);
  const standing = async () => {
    const { data } = await operator.call(ROUTES.listDeposits, {
      query: { walletId: id, assetId, limit: 200 },
    });
    const found = data.find(({ txHash }) => txHash === transfer.hash);
    return { blockHash: found?.blockHash ?? null, status: found?.status ?? 'unknown' };
  };
  return { ...transfer, isSentByUs: false, standing };
}

/** The block that the node has a transfer in; null when in none. */
export async function blockOf({ hash }: Transfer): Promise<string | null> {
  return Receipt.parse(await askNode('eth_getTransactionReceipt', hash))?.blockHash ?? null;
}

const Receipt = z.object({ blockHash: z.string() }).nullable();

/** Waits until a transfer is said to stand in the block that the node has it in. */
export async function isToldRightly(transfer: Transfer): Promise<void> {
  await waitUntil('what is told is what the node shows', async () => {
    return (await transfer.standing()).blockHash === (await blockOf(transfer));
  });
}

async function termsOf(address: string): Promise<TransactionLike<string>> {
  const gasPrice = 2n * BigInt(String(await askNode('eth_gasPrice')));
  const chainId = chain.chainId.replace('eip155:', '');
  return { type: 0, nonce: await minedCount(address), gasLimit: 100_000n, gasPrice, chainId };
}

function signed({ signingKey }: HDNodeWallet, fields: TransactionLike<string>): string {
  const transaction = Transaction.from(fields);
  transaction.signature = signingKey.sign(transaction.unsignedHash);
  return transaction.serialized;
}

function transferOf(bytes: string, rival: string) {
  return { bytes, rival, hash: present(Transaction.from(bytes).hash, 'its hash') };
}
