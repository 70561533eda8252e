import { describe, expect, test } from 'vitest';
import { readBlock } from './block.ts';

const names = { chainId: 'eip155:1', nativeAssetId: 'eip155:1/slip44:60' };
const FROM = '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266';
const TO = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8';
const HASH = `0x${'11'.repeat(32)}`;

const paid = { gasUsed: '0x5208', effectiveGasPrice: '0x9', status: '0x1', logs: [] };
const call = { from: FROM, to: TO, value: '0x0', input: '0x', nonce: '0x0', gas: '0x5209' };

describe('a transaction of a block is read with its terms', () => {
  test.each<[string, object, object]>([
    ['without a type', { gasPrice: '0x9' }, { type: 0, maxFeePerGas: 9n, maxPriorityFeePerGas: 9n }],
    [
      'of type 1 with an access list',
      { type: '0x1', gasPrice: '0x9', accessList: [{ address: TO, storageKeys: [] }] },
      { type: 1, maxFeePerGas: 9n, maxPriorityFeePerGas: 9n, attachments: ['access_list'] },
    ],
    [
      'of type 2, whose gas price is only what it paid',
      { type: '0x2', gasPrice: '0x9', maxFeePerGas: '0x14', maxPriorityFeePerGas: '0x2', accessList: [] },
      { type: 2, maxFeePerGas: 20n, maxPriorityFeePerGas: 2n, attachments: [] },
    ],
    [
      'of type 3 with blobs',
      { type: '0x3', maxFeePerGas: '0x14', maxPriorityFeePerGas: '0x2', blobVersionedHashes: [HASH] },
      { type: 3, maxFeePerGas: 20n, maxPriorityFeePerGas: 2n, attachments: ['blobs'] },
    ],
    [
      'of type 4 with an authorization list',
      { type: '0x4', maxFeePerGas: '0x14', maxPriorityFeePerGas: '0x2', authorizationList: [{}] },
      { type: 4, attachments: ['authorization_list'] },
    ],
    [
      'of a type of the chain’s own that names no price: then what it paid',
      { type: '0x7e' },
      { type: 0x7e, maxFeePerGas: 9n, maxPriorityFeePerGas: 9n, attachments: [] },
    ],
  ])('%s', (_, fields, terms) => {
    const transaction = { ...call, hash: HASH, transactionIndex: '0x0', ...fields };
    const body = {
      number: '0x1',
      hash: HASH,
      parentHash: HASH,
      timestamp: '0x1',
      transactions: [transaction],
    };
    const block = readBlock(names, body, [{ ...paid, transactionHash: HASH }]);
    expect(block.transactions[0]).toMatchObject({ gasLimit: 21_001n, fee: 189_000n, ...terms });
  });
});

test('the fee of a transaction holds its blobs, and what a rollup pays to the chain below', () => {
  const transaction = { ...call, hash: HASH, transactionIndex: '0x0', type: '0x3', maxFeePerGas: '0x14' };
  const block = {
    number: '0x1',
    hash: HASH,
    parentHash: HASH,
    timestamp: '0x1',
    transactions: [transaction],
  };
  const dear = { ...paid, blobGasUsed: '0x20000', blobGasPrice: '0x3', l1Fee: '0x5', transactionHash: HASH };
  expect(readBlock(names, block, [dear]).transactions[0]?.fee).toBe(189_000n + 3n * 131_072n + 5n);
});

test.each([
  ['the gas price that the transaction names', { gasPrice: '0x4' }, 21_000n * 4n],
  ['nothing, where it names none either', { type: '0x7e' }, 0n],
])('a receipt that says no price paid is read all the same: %s', (_, fields, fee) => {
  const transaction = { ...call, hash: HASH, transactionIndex: '0x0', ...fields };
  const block = {
    number: '0x1',
    hash: HASH,
    parentHash: HASH,
    timestamp: '0x1',
    transactions: [transaction],
  };
  const { effectiveGasPrice: _price, ...receipt } = paid;
  expect(readBlock(names, block, [{ ...receipt, transactionHash: HASH }]).transactions[0]?.fee).toBe(fee);
});
