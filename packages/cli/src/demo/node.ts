import { assert } from '@ironforge/kernel';
import { Wallet } from 'ethers';
import { z } from 'zod';
import { undoFrom } from './undo-from.ts';

const quantity = z
  .string()
  .regex(/^0x[0-9a-f]+$/)
  .transform(BigInt);

const receipt = z.object({
  status: quantity,
  blockNumber: quantity,
  blockHash: z.string(),
  gasUsed: quantity,
  effectiveGasPrice: quantity,
});
const transaction = z.object({
  hash: z.string(),
  from: z.string(),
  to: z.string(),
  value: quantity,
  nonce: quantity,
});
const block = z.object({ hash: z.string(), number: quantity });

/** The chain's own word (Ethereum JSON-RPC), against which the story checks what the API says. Amounts in wei. */
export interface EvmNode {
  height(): Promise<number>;
  blockHashAt(height: number): Promise<string | null>;
  balanceAt(address: string, height: number): Promise<bigint>;
  transaction(hash: string): Promise<z.infer<typeof transaction> | null>;
  receipt(hash: string): Promise<z.infer<typeof receipt> | null>;
  /** Undoes the block at a height, those above it and all that was in them, as a reorganisation does; anvil can. */
  undoFrom(height: number): Promise<void>;
  /** Sends value from a key that lies here, and gives the transaction's hash. */
  transfer(key: string, to: string, value: bigint): Promise<string>;
}

/** Speaks to the node at a URL; `chainId` is CAIP-2. */
export function createEvmNode(url: string, chainId: string): EvmNode {
  const ask = <Answer>(schema: z.ZodType<Answer>, method: string, ...params: unknown[]) =>
    request(url, method, params).then((result) => schema.parse(result));
  return {
    height: async () => Number(await ask(quantity, 'eth_blockNumber')),
    blockHashAt: async (height) =>
      (await ask(block.nullable(), 'eth_getBlockByNumber', hex(height), false))?.hash ?? null,
    balanceAt: (address, height) => ask(quantity, 'eth_getBalance', address, hex(height)),
    transaction: (hash) => ask(transaction.nullable(), 'eth_getTransactionByHash', hash),
    receipt: (hash) => ask(receipt.nullable(), 'eth_getTransactionReceipt', hash),
    undoFrom: (height) => undoFrom(height, (method, ...params) => ask(z.unknown(), method, ...params)),
    transfer: async (key, to, value) => {
      const wallet = new Wallet(key);
      const nonce = Number(await ask(quantity, 'eth_getTransactionCount', wallet.address, 'pending'));
      const gasPrice = 2n * (await ask(quantity, 'eth_gasPrice'));
      const fields = { nonce, gasPrice, gasLimit: 21_000n, chainId: chainId.replace('eip155:', ''), type: 0 };
      return ask(
        z.string(),
        'eth_sendRawTransaction',
        await wallet.signTransaction({ to, value, ...fields }),
      );
    },
  };
}

async function request(url: string, method: string, params: unknown[]): Promise<unknown> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  const answer = z
    .object({ result: z.unknown(), error: z.unknown() })
    .partial()
    .parse(await response.json());
  assert(answer.error === undefined, `the node takes ${method}: ${JSON.stringify(answer.error)}`);
  return answer.result;
}

function hex(height: number): string {
  return `0x${height.toString(16)}`;
}
