import { createHash } from 'node:crypto';
import type { Block } from '@ironforge/chain-core';
import { hasCode, MAX_UNITS } from '@ironforge/kernel';
import type { Tx } from '@ironforge/store';
import type { Chain } from '../chains.ts';
import { type Holding, sumPending } from '../queries/transactions.ts';
import type { Changes } from './book-differences.ts';
import { distinct, holdingKey, type Touched } from './plan-block.ts';

/** Amounts by balance, as they were right after one block. */
export type Readings = ReadonlyMap<string, bigint>;

/**
 * Reads balances at a block, before any database transaction. One that the node would not tell is left out, and all are when
 * it has no such block or state any more: then whoever needs them asks again at a later block. A token that nobody can be
 * asked about in time is anybody's contract, and must keep nothing else back: so when a list comes to nothing, and the node
 * answers otherwise, each asset is asked for by itself, until a few of them come to nothing. Throws `dependency_down` when the
 * node answers nothing at all, or was asked too often: it would tell later, and more questions make it worse.
 */
export async function readBalances(
  { node }: Pick<Chain, 'node'>,
  blockHash: string,
  touched: readonly Touched[],
): Promise<Readings> {
  return await read(node, { blockHash, lot: blockHash }, distinct(touched));
}

/** The same right before a block, so that with what is read after it as many as can be are in both. */
export async function readBefore(
  { node }: Pick<Chain, 'node'>,
  { hash: lot, parentHash: blockHash }: Pick<Block, 'hash' | 'parentHash'>,
  touched: readonly Touched[],
): Promise<Readings> {
  return await read(node, { blockHash, lot }, distinct(touched));
}

/** Which block to read at, and by what lot the assets follow each other when each is asked for by itself. */
interface ReadingAt {
  readonly blockHash: string;
  readonly lot: string;
}

async function read(node: Chain['node'], at: ReadingAt, holdings: readonly Touched[]): Promise<Readings> {
  const together = await unlessSilent(() => readTogether(node, at.blockHash, holdings));
  if (together !== null) return together;
  await node.head();
  return await readApart(node, at, holdings);
}

/** After so many assets that came to nothing the rest is left out: each costs a time-out, and the chain waits for it. */
const SILENT_AT_MOST = 3;

async function readApart(
  node: Chain['node'],
  { blockHash, lot }: ReadingAt,
  holdings: readonly Touched[],
): Promise<Readings> {
  const byAsset = [...Map.groupBy(holdings, ({ asset_id }) => asset_id).values()];
  if (byAsset.length === 1) return new Map();
  const told: (readonly [string, bigint])[] = [];
  let silent = 0;
  for (const own of byLot(byAsset, lot)) {
    const readings = await unlessSilent(() => readTogether(node, blockHash, own));
    told.push(...(readings ?? []));
    silent += readings === null ? 1 : 0;
    if (silent === SILENT_AT_MOST) break;
  }
  return new Map(told);
}

/** The first, which is the coin where a whole wallet is read, then the others as the lot falls: no few keep the same ones back. */
function byLot(assets: readonly (readonly Touched[])[], lot: string): readonly (readonly Touched[])[] {
  const [first, ...others] = assets;
  const drawn = others.map((own) => ({ own, number: numberOf(`${lot} ${own[0]?.asset_id}`) }));
  const shuffled = drawn.toSorted((a, b) => (a.number < b.number ? -1 : 1)).map(({ own }) => own);
  return first === undefined ? [] : [first, ...shuffled];
}

function numberOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

async function unlessSilent<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (hasCode(error, 'dependency_down') && error.retryAfterSeconds === undefined) return null;
    throw error;
  }
}

async function readTogether(
  node: Chain['node'],
  blockHash: string,
  holdings: readonly Touched[],
): Promise<Readings> {
  const queries = holdings.map(({ address, asset_id }) => ({ address, assetId: asset_id }));
  const amounts = await node.balancesAt(blockHash, queries);
  return new Map(
    holdings.flatMap((holding, index) => {
      const amount = amounts?.[index] ?? null;
      return amount === null ? [] : [[holdingKey(holding), amount] as const];
    }),
  );
}

/** By how much balances moved between two states; those that one of them lacks are left out. */
export function changesBetween(before: Readings, after: Readings): Changes {
  return new Map(
    [...before].flatMap(([key, old]) => {
      const amount = after.get(key);
      return amount === undefined ? [] : [[key, amount - old] as const];
    }),
  );
}

/** What of a balance may still be undone: incoming transfers in the newest K - 1 blocks. */
export async function readPending(
  tx: Tx,
  { config }: Pick<Chain, 'config'>,
  { height, holdings }: { readonly height: number; readonly holdings: readonly Holding[] },
): Promise<(holding: Holding) => bigint> {
  const walletIds = [...new Set(holdings.map(({ wallet_id }) => wallet_id))];
  const rows = await sumPending(tx, config.chainId, { height: height - config.confirmations + 1, walletIds });
  const amounts = new Map(
    rows.map((row) => [holdingKey(row), row.amount < MAX_UNITS ? row.amount : MAX_UNITS]),
  );
  return (holding) => amounts.get(holdingKey(holding)) ?? 0n;
}
