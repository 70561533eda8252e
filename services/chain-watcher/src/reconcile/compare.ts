import type { Block } from '@ironforge/chain-core';
import type { Difference, DifferenceKind } from '@ironforge/contracts';
import { type Inclusion, planSpentNonces, planTransactions, type Watched } from '../follow/plan-block.ts';
import type { SpentNonce } from '../queries/spent-nonces.ts';
import type { StoredTransaction } from '../queries/transactions.ts';
import type { Watch } from '../queries/watches.ts';

/** What is stored of one block, for one tenant. */
export interface StoredBlock {
  /** Null when it is older than what is kept. */
  readonly hash: string | null;
  readonly transactions: readonly StoredTransaction[];
  readonly spent: readonly SpentNonce[];
  readonly watches: readonly Watch[];
}

/** A block as the node has it, with who watches and how rows are made of it. */
export interface Told {
  readonly block: Block;
  readonly watched: Watched;
  /** Of whom a backfill has read this block: of them the transfers alone are stored. */
  readonly backfilled: Watched['addresses'];
  readonly inclusion: Inclusion;
}

/** Every difference between a block and what is stored of it, each named. */
export function compareBlock(told: Told, stored: StoredBlock): Difference[] {
  return [
    ...compareHash(told, stored),
    ...compareTransfers(told, stored),
    ...compareNonces(told, stored),
    ...compareWinners(told, stored),
    ...unknownTransactions(told),
  ];
}

/** One that is there and one that is stored, of the same thing. */
interface Pair<A, B> {
  readonly subject: string;
  readonly onChain: A | undefined;
  readonly stored: B | undefined;
}

function compareHash({ block: { height, hash } }: Told, stored: StoredBlock): Difference[] {
  if (stored.hash === null || stored.hash === hash) return [];
  return [
    name('wrong_block_hash', height, { subject: `block ${height}`, onChain: hash, stored: stored.hash }),
  ];
}

function compareTransfers(
  { block, watched, backfilled, inclusion }: Told,
  stored: StoredBlock,
): Difference[] {
  const seen = { ...watched, addresses: [...watched.addresses, ...backfilled] };
  const planned = planTransactions(block, seen, inclusion);
  // What a sweep found is in no list of any block.
  const listed = stored.transactions.filter(({ kind }) => kind === 'transfer');
  const key = (row: Pick<StoredTransaction, 'tx_hash' | 'transfer_index' | 'direction' | 'wallet_id'>) =>
    `${row.tx_hash} #${row.transfer_index} ${row.direction} of wallet ${row.wallet_id}`;
  return pairs(planned, listed, key, key).flatMap(({ subject, onChain, stored: row }) => {
    const amounts = {
      onChain: onChain?.amount.toString() ?? null,
      stored: (row?.logged_amount ?? row?.amount)?.toString() ?? null,
    };
    const tell = (kind: DifferenceKind) => [name(kind, block.height, { subject, ...amounts })];
    if (row === undefined) return tell('missing_transfer');
    if (onChain === undefined) return tell('transfer_not_on_chain');
    if (amounts.onChain !== amounts.stored) return tell('wrong_amount');
    const moves = { onChain: moveOf(onChain), stored: moveOf(row) };
    if (moves.onChain !== moves.stored) return [name('wrong_transfer', block.height, { subject, ...moves })];
    const hashes = { onChain: onChain.block_hash, stored: row.block_hash };
    return row.block_hash === onChain.block_hash
      ? []
      : [name('wrong_block', block.height, { subject, ...hashes })];
  });
}

function moveOf(row: Pick<StoredTransaction, 'asset_id' | 'from_address' | 'to_address'>): string {
  return `${row.asset_id} from ${row.from_address} to ${row.to_address}`;
}

function compareNonces({ block, watched, inclusion }: Told, stored: StoredBlock): Difference[] {
  const planned = planSpentNonces(block, watched, inclusion);
  // A nonce that was spent without a transaction is in no list of any block.
  const shown = stored.spent.filter(({ tx_hash }) => tx_hash !== null);
  const key = (row: { readonly address: string; readonly nonce: number | bigint }) =>
    `nonce ${row.nonce} of ${row.address}`;
  return pairs(planned, shown, key, key).flatMap(({ subject, onChain, stored: row }) => {
    const both = { subject, onChain: spender(onChain), stored: spender(row) };
    if (row === undefined) return [name('missing_nonce', block.height, both)];
    if (onChain === undefined) return [name('nonce_not_on_chain', block.height, both)];
    return both.onChain === both.stored ? [] : [name('wrong_nonce', block.height, both)];
  });
}

function spender(row: Pick<SpentNonce, 'tx_hash' | 'success'> | undefined): string | null {
  return row === undefined ? null : `${row.tx_hash} ${row.success ? 'succeeded' : 'reverted'}`;
}

function compareWinners({ block, watched }: Told, { watches }: StoredBlock): Difference[] {
  const mined = new Map(block.transactions.map(({ hash, success }) => [hash, success]));
  const ours = watched.attempts.map(({ tx_request_id, tx_hash }) => ({
    id: tx_request_id,
    told: `${tx_hash} ${mined.get(tx_hash) ? 'succeeded' : 'reverted'}`,
  }));
  const stored = watches.map((watch) => ({
    id: watch.tx_request_id,
    told: `${watch.winner_tx_hash} ${watch.winner_success ? 'succeeded' : 'reverted'}`,
  }));
  const key = ({ id }: { readonly id: string }) => `request ${id}`;
  return pairs(ours, stored, key, key)
    .filter(({ onChain, stored: row }) => onChain?.told !== row?.told)
    .map(({ subject, onChain, stored: row }) =>
      name('wrong_winner', block.height, {
        subject,
        onChain: onChain?.told ?? null,
        stored: row?.told ?? null,
      }),
    );
}

/** What a wallet sent though nobody told us to. */
function unknownTransactions({ block, watched }: Told): Difference[] {
  const ours = new Set(watched.attempts.map(({ tx_hash }) => tx_hash));
  const wallets = new Set(watched.addresses.map(({ address }) => address));
  return block.transactions
    .filter(({ hash, from }) => wallets.has(from) && !ours.has(hash))
    .map(({ hash, from, nonce }) => {
      const onChain = `sent by ${from} with nonce ${nonce}`;
      return name('unknown_transaction', block.height, { subject: hash, onChain, stored: null });
    });
}

// oxlint-disable-next-line max-params -- two lists, each with what its rows are known by
function pairs<A, B>(
  chain: readonly A[],
  stored: readonly B[],
  keyOfA: (row: A) => string,
  keyOfB: (row: B) => string,
): Pair<A, B>[] {
  const theirs = new Map(chain.map((row) => [keyOfA(row), row]));
  const ours = new Map(stored.map((row) => [keyOfB(row), row]));
  const subjects = new Set([...theirs.keys(), ...ours.keys()]);
  return [...subjects].map((subject) => ({
    subject,
    onChain: theirs.get(subject),
    stored: ours.get(subject),
  }));
}

function name(
  kind: DifferenceKind,
  height: number,
  between: Pick<Difference, 'subject' | 'onChain' | 'stored'>,
): Difference {
  return { kind, height, ...between };
}
