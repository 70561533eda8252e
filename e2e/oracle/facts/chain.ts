import { z } from 'zod';
import { chain } from '../../world/environment.ts';

const hex = z.string().transform(Number);
const Mined = z.object({
  hash: z.string(),
  from: z.string(),
  to: z.string().nullable(),
  nonce: hex,
  value: z.string().transform(BigInt),
  input: z.string(),
});
const Block = z.object({ number: hex, hash: z.string(), transactions: z.array(Mined) });
const Receipt = z.object({
  transactionHash: z.string(),
  status: hex,
  blockHash: z.string(),
  blockNumber: hex,
});
const Answers = z.array(z.object({ id: z.number(), result: z.unknown() }));

/** One transaction of the chain as it stands, with what became of it. */
export type Mined = z.output<typeof Mined> & {
  readonly isSuccess: boolean;
  readonly height: number;
  readonly blockHash: string;
};

/** The chain as it stands: what lies in it, by hash and by height. */
export interface Chain {
  readonly head: number;
  readonly hashAt: ReadonlyMap<number, string>;
  readonly mined: ReadonlyMap<string, Mined>;
  /** What each of these addresses holds at the head. */
  readonly balanceOf: ReadonlyMap<string, bigint>;
}

/** Reads every block, every receipt, and the balances of some addresses. */
export async function readChain(addresses: readonly string[]): Promise<Chain> {
  const [head] = z.tuple([hex]).parse(await askAll([['eth_blockNumber', []]]));
  const heights = Array.from({ length: head + 1 }, (_, height) => `0x${height.toString(16)}`);
  const blocks = z
    .array(Block)
    .parse(await askAll(heights.map((height) => ['eth_getBlockByNumber', [height, true]])));
  const hashes = blocks.flatMap(({ transactions }) => transactions.map(({ hash }) => hash));
  const receipts = z
    .array(Receipt)
    .parse(await askAll(hashes.map((hash) => ['eth_getTransactionReceipt', [hash]])));
  const held = z
    .array(z.string().transform(BigInt))
    .parse(await askAll(addresses.map((address) => ['eth_getBalance', [address, 'latest']])));
  return {
    head,
    hashAt: new Map(blocks.map(({ number, hash }) => [number, hash])),
    mined: minedIn(blocks, receipts),
    balanceOf: new Map(addresses.map((address, index) => [address, held[index] ?? 0n])),
  };
}

function minedIn(
  blocks: readonly z.output<typeof Block>[],
  receipts: readonly z.output<typeof Receipt>[],
): ReadonlyMap<string, Mined> {
  const statuses = new Map(receipts.map(({ transactionHash, status }) => [transactionHash, status]));
  return new Map(
    blocks.flatMap(({ number: height, hash: blockHash, transactions }) =>
      transactions.map((mined) => [
        mined.hash,
        { ...mined, height, blockHash, isSuccess: statuses.get(mined.hash) === 1 },
      ]),
    ),
  );
}

type Call = readonly [method: string, params: readonly unknown[]];

const AT_ONCE = 200;

/** In the order of the calls; what the node refuses is undefined, and no schema takes that. */
async function askAll(calls: readonly Call[]): Promise<unknown[]> {
  const answers: unknown[] = [];
  for (let from = 0; from < calls.length; from += AT_ONCE)
    answers.push(...(await askSome(calls.slice(from, from + AT_ONCE))));
  return answers;
}

async function askSome(calls: readonly Call[]): Promise<unknown[]> {
  const body = calls.map(([method, params], id) => ({ jsonrpc: '2.0', id, method, params }));
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(chain.rpcUrl, { method: 'POST', headers, body: JSON.stringify(body) });
  const byId = new Map(Answers.parse(await response.json()).map(({ id, result }) => [id, result]));
  return calls.map((_, id) => byId.get(id));
}
