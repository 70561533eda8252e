import type { Block, ChainTransaction, Transfer } from '@ironforge/chain-core';
import { describe, expect, it } from 'vitest';
import {
  type Inclusion,
  planSpentNonces,
  planTransactions,
  planWins,
  touchedBy,
  type Watched,
} from './plan-block.ts';

const NATIVE = 'eip155:1/slip44:60';
const TOKEN = 'eip155:1/erc20:0xT';
const inclusion: Inclusion = {
  chainId: 'eip155:1',
  nativeAssetId: NATIVE,
  depth: 'included',
  newId: () => 'id',
  now: new Date(0),
};

const call: ChainTransaction = {
  hash: '0x1',
  index: 0,
  from: 'A',
  to: 'B',
  value: 0n,
  data: '0x',
  nonce: 7,
  success: true,
  type: 2,
  gasLimit: 21_000n,
  maxFeePerGas: 2n,
  maxPriorityFeePerGas: 1n,
  attachments: [],
  fee: 21n,
};
const native: Transfer = {
  txHash: '0x1',
  index: 0,
  from: 'A',
  to: 'B',
  assetId: NATIVE,
  amount: 5n,
  success: true,
};
const token: Transfer = { ...native, index: 1, assetId: TOKEN, amount: 9n };

function blockOf(transactions: readonly ChainTransaction[], transfers: readonly Transfer[]): Block {
  return { height: 10, hash: '0xb', parentHash: '0xa', time: new Date(0), transactions, transfers };
}

function watched(addresses: readonly string[], assets: readonly string[] = []): Watched {
  return {
    addresses: addresses.map((address) => ({
      tenant_id: 't',
      chain_id: 'eip155:1',
      address,
      wallet_id: `wallet of ${address}`,
      user_id: 'u',
    })),
    assets: assets.map((asset_id) => ({ tenant_id: 't', asset_id })),
    attempts: [],
  };
}

describe('planTransactions', () => {
  it('writes one row for each side that is ours', () => {
    const block = blockOf([{ ...call, value: 5n }], [native]);
    const rowsFor = (...addresses: string[]) =>
      planTransactions(block, watched(addresses), inclusion).map((row) => [
        row.direction,
        row.wallet_id,
        row.fee,
      ]);
    expect(rowsFor('A')).toEqual([['out', 'wallet of A', 21n]]);
    expect(rowsFor('B')).toEqual([['in', 'wallet of B', null]]);
    expect(rowsFor('A', 'B')).toEqual([
      ['out', 'wallet of A', 21n],
      ['in', 'wallet of B', null],
    ]);
    expect(rowsFor('C')).toEqual([]);
  });

  it('leaves out tokens that the tenant does not follow, and tokens of no amount, but never the fee', () => {
    const shown = (transfer: Transfer, assets: readonly string[]) =>
      planTransactions(blockOf([call], [transfer]), watched(['A', 'B'], assets), inclusion).map((row) => {
        return [row.direction, row.asset_id, row.amount, row.fee];
      });
    const feeAlone = [['out', NATIVE, 0n, 21n]];
    expect(shown(token, [])).toEqual(feeAlone);
    expect(shown({ ...token, amount: 0n }, [TOKEN])).toEqual(feeAlone);
    expect(shown(token, [TOKEN])).toEqual([
      ['out', TOKEN, 9n, 21n],
      ['in', TOKEN, 9n, null],
    ]);
  });

  it('shows a failed transfer to its sender alone, with the fee that it cost', () => {
    const failed = blockOf([{ ...call, value: 5n, success: false }], [{ ...native, success: false }]);
    const rows = planTransactions(failed, watched(['A', 'B']), inclusion);
    expect(rows).toMatchObject([{ direction: 'out', status: 'failed', amount: 5n, fee: 21n }]);
  });

  it('puts the fee on one row of the sender, however many transfers he made', () => {
    const block = blockOf([{ ...call, value: 5n }], [native, token]);
    const rows = planTransactions(block, watched(['A'], [TOKEN]), inclusion);
    expect(rows.map(({ asset_id, fee }) => [asset_id, fee])).toEqual([
      [NATIVE, 21n],
      [TOKEN, null],
    ]);
  });

  it('lets somebody else pay the fee of a transfer that he made in our name', () => {
    const block = blockOf([{ ...call, from: 'Z' }], [token]);
    expect(planTransactions(block, watched(['A'], [TOKEN]), inclusion)).toMatchObject([
      { direction: 'out', fee: null },
    ]);
  });
});

describe('touchedBy', () => {
  it('names the asset that moved, and the native one of whoever paid the fee', () => {
    const rows = planTransactions(blockOf([call], [token]), watched(['A', 'B'], [TOKEN]), inclusion);
    expect(touchedBy(rows, NATIVE).map(({ address, asset_id }) => [address, asset_id])).toEqual([
      ['A', TOKEN],
      ['A', NATIVE],
      ['B', TOKEN],
    ]);
  });
});

describe('planSpentNonces', () => {
  it('notes every transaction of a watched sender, for each tenant that watches him', () => {
    const twice = watched(['A']);
    const both = {
      ...twice,
      addresses: [...twice.addresses, { ...watched(['A']).addresses[0], tenant_id: 'other' }],
    };
    // The second tenant's entry is the first one's with another tenant.
    const spent = planSpentNonces(blockOf([call], []), both as Watched, inclusion);
    expect(spent.map(({ tenant_id, nonce, tx_hash }) => [tenant_id, nonce, tx_hash])).toEqual([
      ['t', 7, '0x1'],
      ['other', 7, '0x1'],
    ]);
  });
});

describe('planWins', () => {
  it('finds the attempt that was mined, also when it was reverted', () => {
    const attempts = ['0x1', '0x2'].map((tx_hash) => {
      return { attempt_id: `attempt ${tx_hash}`, tenant_id: 't', tx_request_id: 'r', tx_hash, had_at: null };
    });
    const wins = planWins(
      blockOf([{ ...call, success: false }], []),
      { ...watched([]), attempts },
      inclusion,
    );
    expect(wins).toMatchObject([
      { winner_attempt_id: 'attempt 0x1', winner_success: false, block_height: 10 },
    ]);
  });
});
