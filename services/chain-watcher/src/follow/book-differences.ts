import { MAX_UNITS } from '@ironforge/kernel';
import type { NewTransaction } from '../queries/transactions.ts';
import { holdingKey } from './plan-block.ts';

/** By how much balances moved in one block; a balance that could not be read before and after it is left out. */
export type Changes = ReadonlyMap<string, bigint>;

/**
 * The transfers of one block, with the amounts by which balances moved. Tokens that take a fee or grow by themselves log
 * another amount: then that is kept beside, and what came in is booked with its share of the difference, or what went
 * out where nothing came in. A difference that neither explains is left to the sweep.
 */
export function bookDifferences(rows: readonly NewTransaction[], changes: Changes): NewTransaction[] {
  return [...Map.groupBy(rows, holdingKey)].flatMap(([key, moved]) => {
    const change = changes.get(key);
    return change === undefined ? moved : bookChange(moved, change);
  });
}

function bookChange(rows: readonly NewTransaction[], change: bigint): readonly NewTransaction[] {
  const incoming = sumOf(rows, 'in');
  const outgoing = sumOf(rows, 'out');
  const difference = change - incoming + outgoing;
  if (difference === 0n) return rows;
  if (incoming > 0n && isAmount(incoming + difference)) return share(rows, 'in', incoming + difference);
  if (outgoing > 0n && isAmount(outgoing - difference)) return share(rows, 'out', outgoing - difference);
  return rows;
}

/** A contract may log what it likes: sums beyond all amounts are no news of a balance. */
function isAmount(units: bigint): boolean {
  return units >= 0n && units <= MAX_UNITS;
}

function sumOf(rows: readonly NewTransaction[], side: string): bigint {
  return rows.reduce((sum, { direction, amount }) => (direction === side ? sum + amount : sum), 0n);
}

/** Divides a total in the ratio of the logged amounts; what rounding leaves goes to the last. */
function share(rows: readonly NewTransaction[], side: string, total: bigint): NewTransaction[] {
  const logged = sumOf(rows, side);
  const last = rows.findLast(({ direction }) => direction === side);
  let left = total;
  return rows.map((row) => {
    if (row.direction !== side) return row;
    const amount = row === last ? left : (row.amount * total) / logged;
    left -= amount;
    return amount === row.amount ? row : { ...row, amount, logged_amount: row.amount };
  });
}
