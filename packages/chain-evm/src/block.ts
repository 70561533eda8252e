import type { Attachment, Block, ChainTransaction, Transfer } from '@ironforge/chain-core';
import { checksum } from './address.ts';
import { erc20AssetId } from './asset-id.ts';
import { readTransferLog } from './erc20.ts';
import {
  badAnswer,
  listOf,
  numberAt,
  optionalQuantityAt,
  quantityAt,
  recordOf,
  textAt,
  textOrNullAt,
} from './json-reader.ts';

type Json = Record<string, unknown>;
/** How a chain and its own coin are called. */
export interface Names {
  readonly chainId: string;
  readonly nativeAssetId: string;
}

/** A block out of the node's answers to `eth_getBlockByNumber` (full) and its receipts. Throws `dependency_down`. */
export function readBlock(names: Names, body: Json, receipts: readonly unknown[]): Block {
  const byHash = new Map(
    receipts.map((receipt) => [textAt(recordOf(receipt, 'a receipt'), 'transactionHash'), receipt]),
  );
  const pairs = listOf(body['transactions'], 'transactions').map((item) => {
    const transaction = recordOf(item, 'a transaction');
    return {
      transaction,
      receipt: recordOf(byHash.get(textAt(transaction, 'hash')), 'the receipt of a transaction'),
    };
  });
  return {
    ...readHead(body),
    parentHash: textAt(body, 'parentHash'),
    transactions: pairs.map(readTransaction),
    transfers: pairs.flatMap((mined) => readTransfers(names, mined)),
  };
}

/** Height, hash and time of a block. Throws `dependency_down`. */
export function readHead(body: Json): { height: number; hash: string; time: Date } {
  const time = new Date(numberAt(body, 'timestamp') * 1_000);
  return { height: numberAt(body, 'number'), hash: textAt(body, 'hash'), time };
}

function readTransaction({ transaction, receipt }: Mined): ChainTransaction {
  const to = textOrNullAt(transaction, 'to');
  return {
    hash: textAt(transaction, 'hash'),
    index: numberAt(transaction, 'transactionIndex'),
    from: checksum(textAt(transaction, 'from')),
    to: to === null ? null : checksum(to),
    value: quantityAt(transaction, 'value'),
    data: textAt(transaction, 'input').toLowerCase(),
    nonce: numberAt(transaction, 'nonce'),
    success: succeeded(receipt),
    ...readTerms(transaction, receipt),
    fee: readFee(transaction, receipt),
  };
}

type Terms = Pick<
  ChainTransaction,
  'type' | 'gasLimit' | 'maxFeePerGas' | 'maxPriorityFeePerGas' | 'attachments'
>;

/**
 * How a transaction pays and what it carries. A mined type 2 shows a gas price too, the one it paid, so its caps come
 * first. A kind of some chain's own may show no price at all: a block must be readable whatever strangers put into it.
 */
function readTerms(transaction: Json, receipt: Json): Terms {
  const gasPrice = optionalQuantityAt(transaction, 'gasPrice') ?? pricePaid(transaction, receipt);
  const maxFeePerGas = optionalQuantityAt(transaction, 'maxFeePerGas') ?? gasPrice;
  return {
    type: Number(optionalQuantityAt(transaction, 'type') ?? 0n),
    gasLimit: quantityAt(transaction, 'gas'),
    maxFeePerGas,
    maxPriorityFeePerGas: optionalQuantityAt(transaction, 'maxPriorityFeePerGas') ?? maxFeePerGas,
    attachments: CARRIED_IN.filter(([, key]) => isFilled(transaction[key])).map(([attachment]) => attachment),
  };
}

/** Gas, blob gas (EIP-4844), and what a rollup takes for its own chain below (`l1Fee` of the OP stack). */
function readFee(transaction: Json, receipt: Json): bigint {
  const gas = quantityAt(receipt, 'gasUsed') * pricePaid(transaction, receipt);
  const blobGas = optionalQuantityAt(receipt, 'blobGasUsed') ?? 0n;
  const blobs = blobGas * (optionalQuantityAt(receipt, 'blobGasPrice') ?? 0n);
  return gas + blobs + (optionalQuantityAt(receipt, 'l1Fee') ?? 0n);
}

/** Older nodes, and chains that take no gas, tell no price in a receipt: then the transaction's own, or none. */
function pricePaid(transaction: Json, receipt: Json): bigint {
  return (
    optionalQuantityAt(receipt, 'effectiveGasPrice') ?? optionalQuantityAt(transaction, 'gasPrice') ?? 0n
  );
}

const CARRIED_IN: readonly (readonly [Attachment, string])[] = [
  ['access_list', 'accessList'],
  ['authorization_list', 'authorizationList'],
  ['blobs', 'blobVersionedHashes'],
];

function isFilled(list: unknown): boolean {
  return Array.isArray(list) && list.length > 0;
}

// A receipt from before Byzantium has a state root and no status; no chain that we could follow is still there.
function succeeded(receipt: Json): boolean {
  return quantityAt(receipt, 'status') === 1n;
}

interface Mined {
  readonly transaction: Json;
  readonly receipt: Json;
}

/** Index 0 is the native transfer, n + 1 the n-th log of the receipt: so indexes stay the same when a block is read anew. */
function readTransfers(names: Names, mined: Mined): Transfer[] {
  const txHash = textAt(mined.transaction, 'hash');
  const logs = listOf(mined.receipt['logs'], 'logs').flatMap((log, index) => {
    const token = readToken(names, log);
    return token === null ? [] : [{ txHash, index: index + 1, success: true, ...token }];
  });
  const amount = quantityAt(mined.transaction, 'value');
  return amount === 0n ? logs : [readNative(names, mined, amount), ...logs];
}

function readNative(names: Names, { transaction, receipt }: Mined, amount: bigint): Transfer {
  const to = textOrNullAt(transaction, 'to') ?? textOrNullAt(receipt, 'contractAddress');
  if (to === null) throw badAnswer('contractAddress');
  return {
    txHash: textAt(transaction, 'hash'),
    index: 0,
    from: checksum(textAt(transaction, 'from')),
    to: checksum(to),
    assetId: names.nativeAssetId,
    amount,
    success: succeeded(receipt),
  };
}

function readToken(names: Names, item: unknown): Pick<Transfer, 'from' | 'to' | 'assetId' | 'amount'> | null {
  const log = recordOf(item, 'a log');
  const topics = listOf(log['topics'], 'topics').filter((topic) => typeof topic === 'string');
  const transfer = readTransferLog({ topics, data: textAt(log, 'data') });
  if (transfer === null) return null;
  const assetId = erc20AssetId(names.chainId, checksum(textAt(log, 'address')));
  return { from: checksum(transfer.from), to: checksum(transfer.to), assetId, amount: transfer.amount };
}
