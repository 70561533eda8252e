import { expect, it } from 'vitest';
import { compareRequests, type Request, type SentRange } from './compare-requests.ts';

const [FROM, TO, TOKEN] = ['0xAA', '0xBb', '0xCC'];
const HASH = '0x01';
const payment = { status: 'confirmed', kind: 'payment', from: FROM, to: TO, assetId: 'eip155:1/slip44:60' };
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
    { assetId: `eip155:1/erc20:${TOKEN}` },
    { ...mined, to: TOKEN, value: '0' },
  ],
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
  ['another value', {}, { ...mined, value: '6' }, 'request_with_other_effect'],
  ['reverted, though confirmed', {}, { ...mined, success: false }, 'request_with_other_effect'],
  ['a cancel that paid', { status: 'cancelled' }, mined, 'request_with_other_effect'],
])('is named: %s', (_, change, sent, kind) => {
  expect(kinds(change, sent)).toEqual([kind]);
});
