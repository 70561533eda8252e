import type { Cursor } from '@ironforge/chain-core';
import type { Tx } from '@ironforge/store';
import type { WalletPlace } from '../messages.ts';

/** A wallet whose balances were read right after a block. */
export interface BalanceRead extends Cursor {
  readonly chainId: string;
  readonly wallet: WalletPlace;
}

/**
 * Notes where a wallet's balances were read; false when that block was undone. It cannot be until this transaction ends, which must
 * not lock the chain's cursor after this: whoever undoes a block locks that first.
 */
export async function noteRead(tx: Tx, { wallet, chainId, height, hash }: BalanceRead): Promise<boolean> {
  const { rowCount } = await tx.raw<{ rowCount: number }>(
    `WITH block AS (
       SELECT height FROM chain_blocks WHERE chain_id = :chainId AND height = :height AND hash = :hash FOR SHARE
     )
     INSERT INTO balance_reads AS r (tenant_id, wallet_id, chain_id, address, height)
     SELECT CAST(:tenant_id AS UUID), CAST(:wallet_id AS UUID), :chainId, :address, height FROM block
     ON CONFLICT (tenant_id, wallet_id, chain_id) DO UPDATE SET height = GREATEST(r.height, excluded.height)`,
    { ...wallet, chainId, height, hash },
  );
  return rowCount === 1;
}

/** The wallets whose balances were read at a block of this height, which is undone. */
export async function undoReads(tx: Tx, chainId: string, height: number): Promise<WalletPlace[]> {
  const { rows } = await tx.raw<{ rows: WalletPlace[] }>(
    `DELETE FROM balance_reads WHERE chain_id = :chainId AND height >= :height
     RETURNING tenant_id, wallet_id, address`,
    { chainId, height },
  );
  return rows;
}

/** Forgets reads at blocks that are never undone. */
export async function forgetFinalReads(tx: Tx, chainId: string, finalized: number): Promise<void> {
  await tx('balance_reads').where({ chain_id: chainId }).where('height', '<=', finalized).delete();
}
