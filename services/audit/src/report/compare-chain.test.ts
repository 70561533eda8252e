import { describe, expect, it } from 'vitest';
import type { Moves } from './ask-watcher.ts';
import { compareChain } from './compare-chain.ts';
import type { Told, ToldDeposit, ToldRequest } from './told-by-entries.ts';

const hash = (letter: string) => `0x${letter.repeat(64)}`;
const [PAID, FAILED, OUTSIDE, CAME] = [hash('a'), hash('b'), hash('c'), hash('d')];
const BLOCK = hash('1');

const moves: Moves = {
  ...{ from: 10, to: 20, confirmedHeight: 18, lastHash: hash('9'), differences: [] },
  sent: [sentBy(PAID, 11, true), sentBy(FAILED, 12, false), sentBy(OUTSIDE, 13, true)],
  received: [
    { walletId: 'w1', txHash: CAME, index: 0, assetId: 'x', amount: '7', blockHeight: 14, blockHash: BLOCK },
  ],
};

function sentBy(txHash: string, blockHeight: number, success: boolean) {
  const call = { from: '0xf', nonce: 0, to: '0xt', value: '1', data: '0x' };
  return { txHash, ...call, success, blockHeight, blockHash: BLOCK };
}

const paid: ToldRequest = {
  ...{ id: 'r1', status: 'confirmed', reason: null, txHash: PAID, blockHeight: 11 },
  entry: { id: 'e1', sequence: 1 },
};
const failed: ToldRequest = {
  ...{ id: 'r2', status: 'failed', reason: 'reverted', txHash: FAILED, blockHeight: 12 },
  entry: { id: 'e2', sequence: 2 },
};
const came: ToldDeposit = {
  ...{ depositId: 'd1', version: 2, walletId: 'w1', kind: 'transfer', txHash: CAME, index: 0 },
  ...{ amount: '7', loggedAmount: null, blockHeight: 14, blockHash: BLOCK },
  entry: { id: 'e4', sequence: 4 },
};
const outside = [{ txHash: OUTSIDE, entry: { id: 'e3', sequence: 3 } }];
const told: Told = { requests: [paid, failed], deposits: [came], outside, altered: [] };

describe('where every transfer has its entry and every entry its transfer', () => {
  it.each([
    ['and nothing else', {}, {}],
    [
      'and an entry about blocks beyond the range',
      {},
      { requests: [...told.requests, { ...paid, txHash: hash('e'), blockHeight: 21 }] },
    ],
    [
      'and a request that a reorg took back',
      {},
      { requests: [...told.requests, { ...paid, txHash: hash('e'), blockHeight: null }] },
    ],
    [
      'and a deposit that a reorg took back',
      {},
      { deposits: [came, { ...came, depositId: 'd2', txHash: hash('e'), blockHeight: null }] },
    ],
    [
      'and a deposit that a sweep found',
      {},
      { deposits: [came, { ...came, depositId: 'd2', kind: 'internal', txHash: null }] },
    ],
    [
      'and a request whose nonce another transaction took',
      {},
      { requests: [...told.requests, { ...failed, reason: 'replaced_outside', txHash: hash('e') }] },
    ],
    [
      'and one that waits for depth',
      { confirmedHeight: 10 },
      { requests: [{ ...paid, status: 'broadcasted' }, failed] },
    ],
    [
      'and a token that logs more than it moves',
      {},
      { deposits: [{ ...came, amount: '6', loggedAmount: '7' }] },
    ],
  ])('nothing is found %s', (_, ofChain, ofLog) => {
    expect(compareChain({ ...moves, ...ofChain }, { ...told, ...ofLog })).toEqual([]);
  });
});

describe('what differs', () => {
  const key = `${CAME} #0 to wallet w1`;
  it.each([
    ['a payment without an entry', {}, { requests: [failed] }, 'transfer_without_entry', PAID, null],
    ['a payment from outside without one', {}, { outside: [] }, 'transfer_without_entry', OUTSIDE, null],
    ['a deposit without an entry', {}, { deposits: [] }, 'transfer_without_entry', key, null],
    ['an entry without its payment', { sent: moves.sent.slice(1) }, {}, 'entry_without_transfer', PAID, 1],
    ['an entry without its deposit', { received: [] }, {}, 'entry_without_transfer', key, 4],
    [
      'an entry about another block',
      {},
      { requests: [{ ...paid, blockHeight: 15 }, failed] },
      'entry_of_other_block',
      PAID,
      1,
    ],
    [
      'a deposit of another block',
      {},
      { deposits: [{ ...came, blockHash: hash('2') }] },
      'entry_of_other_block',
      key,
      4,
    ],
    ['another amount', {}, { deposits: [{ ...came, amount: '8' }] }, 'entry_of_other_amount', key, 4],
    [
      'a success that reverted',
      {},
      { requests: [paid, { ...failed, status: 'confirmed' }] },
      'entry_of_other_outcome',
      FAILED,
      2,
    ],
    [
      'a failure that succeeded',
      {},
      { requests: [{ ...paid, status: 'failed', reason: 'reverted' }, failed] },
      'entry_of_other_outcome',
      PAID,
      1,
    ],
    [
      'one that is confirmed and has no end',
      {},
      { requests: [{ ...paid, status: 'broadcasted' }, failed] },
      'entry_without_end',
      PAID,
      1,
    ],
  ])('is named, with transfer and entry: %s', (_, ofChain, ofLog, kind, transfer, sequence) => {
    const findings = compareChain({ ...moves, ...ofChain }, { ...told, ...ofLog });
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ kind, transfer });
    expect(findings[0]?.entry?.sequence ?? null).toBe(sequence);
  });

  it('is named too where the watcher found it between the chain and its own rows', () => {
    const difference = {
      kind: 'missing_transfer' as const,
      height: 14,
      subject: 's',
      onChain: '7',
      stored: null,
    };
    expect(compareChain({ ...moves, differences: [difference] }, told)).toEqual([
      { kind: 'missing_transfer', height: 14, transfer: 's', entry: null, onChain: '7', inLog: null },
    ]);
  });
});
