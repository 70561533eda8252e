import { transferData } from '@ironforge/chain-evm';
import { expect, it } from 'vitest';
import { compareRequests, type Request, type SentRange } from './compare-requests.ts';

const [FROM, TO, TOKEN, OTHER] = ['0xAA', `0x${'b'.repeat(40)}`, '0xCC', `0x${'d'.repeat(40)}`];
const HASH = '0x01';
const native = { assetId: 'eip155:1/slip44:60', intent: {} };
const payment = { status: 'confirmed', kind: 'payment', from: FROM, to: TO, ...native };
const token = { assetId: `eip155:1/erc20:${TOKEN}` };
const place = { blockHash: '0xb1', blockHeight: 7 };
const mined = { txHash: HASH, from: FROM, nonce: 0, to: TO, value: '5', data: '0x', success: true, ...place };

// A difference depends on these fields alone.
const request = (change: object = {}) =>
  ({ id: 'r', txHash: HASH, amount: '5', ...place, ...payment, ...change }) as Request;
const chain = (...sent: object[]): SentRange => ({ from: 1, to: 9, sent: sent as SentRange['sent'] });
const kinds = (change: object, ...sent: object[]) =>
  compareRequests([request(change)], chain(...sent)).map(({ kind }) => kind);

it.each([
  ['the payment itself', {}, mined],
  [
    'a token, by a call of its contract',
    token,
    { ...mined, to: TOKEN, value: '0', data: transferData(TO, 5n) },
  ],
  ['a call, by its bytes', { intent: { data: '0xAB' } }, { ...mined, data: '0xab' }],
  ['a cancel: nothing to oneself', { status: 'cancelled' }, { ...mined, to: FROM, value: '0' }],
  ['a reverted one that failed', { status: 'failed' }, { ...mined, success: false }],
  ['a block that was not compared', { blockHeight: 10 }, { ...mined, txHash: '0x02' }],
])('nothing differs: %s', (_, change, sent) => {
  expect(kinds(change, sent)).toEqual([]);
});

it.each([
  ['no transaction at all', {}, { ...mined, txHash: '0x02' }, 'request_without_transaction'],
  ['another block', {}, { ...mined, blockHash: '0xb2' }, 'request_in_other_block'],
  ['another receiver', {}, { ...mined, to: TOKEN }, 'request_with_other_effect'],
  [
    'a token to another receiver',
    token,
    { ...mined, to: TOKEN, value: '0', data: transferData(OTHER, 5n) },
    'request_with_other_effect',
  ],
  [
    'another amount of a token',
    token,
    { ...mined, to: TOKEN, value: '0', data: transferData(TO, 6n) },
    'request_with_other_effect',
  ],
  ['another call', { intent: { data: '0xab' } }, { ...mined, data: '0xac' }, 'request_with_other_effect'],
  ['a call where none was wanted', {}, { ...mined, data: '0xab' }, 'request_with_other_effect'],
  ['another value', {}, { ...mined, value: '6' }, 'request_with_other_effect'],
  ['reverted, though confirmed', {}, { ...mined, success: false }, 'request_with_other_effect'],
  ['a cancel that paid', { status: 'cancelled' }, mined, 'request_with_other_effect'],
])('is named: %s', (_, change, sent, kind) => {
  expect(kinds(change, sent)).toEqual([kind]);
});
