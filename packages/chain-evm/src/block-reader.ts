import type { Block, ChainNode } from '@ironforge/chain-core';
import { type Names, readBlock, readHead } from './block.ts';
import { isRecord, listOf, recordOf, textAt, toQuantity } from './json-reader.ts';
import { translateNodeError } from './node-errors.ts';
import type { RpcCall } from './rpc-client.ts';
import { askOne, type RpcPool, type RpcReply, resultOf } from './rpc-pool.ts';

type Json = Record<string, unknown>;

/**
 * Reads `count` blocks from `height` on: fewer at the head, or where the node changed its chain in the middle. Throws
 * `dependency_down` when there is a block, and the node fails to tell its receipts.
 */
export type BlockReader = Pick<ChainNode, 'blocksFrom' | 'newsFrom'>;

/** What was read of one height; the body is null when the node had none. */
interface Reading {
  readonly body: Json | null;
  readonly receipts: RpcReply | undefined;
}

/**
 * Blocks with their receipts in one batch by `eth_getBlockReceipts`; a node without that method is asked
 * for the receipts one by one, and not for the other again for a while: another endpoint may answer next.
 */
export function createBlockReader(names: Names, pool: RpcPool): BlockReader {
  let apartUntil = Number.NEGATIVE_INFINITY;
  const ask = async (question: Question): Promise<Told> => {
    if (performance.now() >= apartUntil) {
      const told = await readTogether(pool, question);
      if (told !== null) return told;
      apartUntil = performance.now() + REMEMBERED_MS;
    }
    return await readApart(pool, question);
  };
  return {
    async blocksFrom(height, count) {
      const { readings } = await ask({ heights: heightsFrom(height, count), besides: [] });
      return chained(names, height, readings);
    },
    async newsFrom(height, count) {
      const { readings, besides } = await ask({ heights: heightsFrom(height, count), besides: [NEWEST] });
      const head = readHead(recordOf(resultOf(besides[0]), 'the latest block'));
      return { blocks: chained(names, height, readings), head };
    },
  };
}

/** So long it is remembered that receipts are not told by block. */
const REMEMBERED_MS = 600_000;

/** What is asked last tells nothing older than the blocks. */
interface Question {
  readonly heights: readonly string[];
  readonly besides: readonly RpcCall[];
}

interface Told {
  readonly readings: readonly Reading[];
  readonly besides: readonly RpcReply[];
}

const NEWEST: RpcCall = { method: 'eth_getBlockByNumber', params: ['latest', false] };

function heightsFrom(height: number, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => toQuantity(height + index));
}

/**
 * The block with that hash and its receipts; null when the node has no such block, or not on its present chain. Throws
 * `dependency_down`.
 */
export async function readBlockByHash(names: Names, pool: RpcPool, hash: string): Promise<Block | null> {
  const body = await askOne(pool, 'eth_getBlockByHash', [hash, true]);
  if (!isRecord(body)) return null;
  const at = await askOne(pool, 'eth_getBlockByNumber', [textAt(body, 'number'), false]);
  if (!isRecord(at) || at['hash'] !== hash) return null;
  const [reply] = await pool.ask([receiptsCall(hash)]);
  const isTold = reply !== undefined && 'result' in reply && Array.isArray(reply.result);
  const receipts = isTold ? reply : { result: await receiptsOneByOne(pool, body) };
  return wholeBlock(names, { body, receipts });
}

/** Null when the node has no `eth_getBlockReceipts`. */
async function readTogether(pool: RpcPool, { heights, besides }: Question): Promise<Told | null> {
  const replies = await pool.ask([...heights.map(bodyCall), ...heights.map(receiptsCall), ...besides]);
  const receipts = replies.slice(heights.length, 2 * heights.length);
  if (receipts.some(isUnsupported)) return null;
  const bodies = replies.slice(0, heights.length).map(bodyOf);
  const readings = bodies.map(async (body, index) => ({
    body,
    receipts: await receiptsInstead(pool, body, receipts[index]),
  }));
  return { readings: await Promise.all(readings), besides: replies.slice(2 * heights.length) };
}

/** A node that refuses to tell them together, in words that nobody knows, may tell them one by one. */
async function receiptsInstead(
  pool: RpcPool,
  body: Json | null,
  reply: RpcReply | undefined,
): Promise<RpcReply | undefined> {
  if (body === null || reply === undefined || 'result' in reply) return reply;
  return await receiptsOneByOne(pool, body).then(
    (result) => ({ result }),
    () => reply,
  );
}

async function readApart(pool: RpcPool, { heights, besides }: Question): Promise<Told> {
  const replies = await pool.ask([...heights.map(bodyCall), ...besides]);
  const bodies = replies.slice(0, heights.length).map(bodyOf);
  const readings = await Promise.all(
    bodies.map(async (body) => ({
      body,
      receipts: { result: body && (await receiptsOneByOne(pool, body)) },
    })),
  );
  return { readings, besides: replies.slice(heights.length) };
}

const bodyCall = (at: string): RpcCall => ({ method: 'eth_getBlockByNumber', params: [at, true] });
const receiptsCall = (at: string): RpcCall => ({ method: 'eth_getBlockReceipts', params: [at] });

function isUnsupported(reply: RpcReply): boolean {
  if (!('error' in reply)) return false;
  return reply.error.code === -32601 || translateNodeError(reply.error).reason === 'unsupported';
}

function bodyOf(reply: RpcReply | undefined): Json | null {
  const result = resultOf(reply);
  return isRecord(result) ? result : null;
}

function receiptsOf(reply: RpcReply | undefined): readonly unknown[] | null {
  return reply !== undefined && 'result' in reply && Array.isArray(reply.result) ? reply.result : null;
}

async function receiptsOneByOne(pool: RpcPool, body: Json): Promise<readonly unknown[]> {
  const hashes = transactionsOf(body).map((item) => textAt(recordOf(item, 'a transaction'), 'hash'));
  if (hashes.length === 0) return [];
  const replies = await pool.ask(
    hashes.map((hash) => ({ method: 'eth_getTransactionReceipt', params: [hash] })),
  );
  return replies.map(resultOf);
}

/** The readings up to the first that is missing, torn, or does not stand on the one before. */
function chained(names: Names, from: number, readings: readonly Reading[]): readonly Block[] {
  const blocks: Block[] = [];
  for (const reading of readings) {
    const block = wholeBlock(names, reading);
    const parent = blocks.at(-1);
    if (block === null && blocks.length === 0) throwFault(reading);
    if (block === null || block.height !== from + blocks.length) break;
    if (parent !== undefined && block.parentHash !== parent.hash) break;
    blocks.push(block);
  }
  return blocks;
}

/** No receipts yet are no fault; an error is, or a chain whose node is broken would stand still without a word. */
function throwFault({ body, receipts }: Reading): void {
  if (body !== null) resultOf(receipts);
}

/** Null when the receipts are not those of this very block: then the node changed its chain between two answers. */
function wholeBlock(names: Names, { body, receipts: reply }: Reading): Block | null {
  const receipts = receiptsOf(reply);
  if (body === null || receipts === null || receipts.length !== transactionsOf(body).length) return null;
  const hash = textAt(body, 'hash');
  const whole = receipts.every((receipt) => isRecord(receipt) && receipt['blockHash'] === hash);
  return whole ? readBlock(names, body, receipts) : null;
}

function transactionsOf(body: Json): readonly unknown[] {
  return listOf(body['transactions'], 'transactions');
}
