import type { TenantId } from '@ironforge/kernel';
import type { BalanceHoldRow } from '@ironforge/schema';
import type { Tx } from '@ironforge/store';

/** What one request will take from a wallet, as of one version of it. */
export type Hold = Omit<BalanceHoldRow, 'created_at' | 'updated_at'>;

/** Stores what a request holds, unless a newer version of it is known. */
export function storeHold(tx: Tx, hold: Hold): void {
  tx.send(
    tx<BalanceHoldRow>('balance_holds')
      .insert(hold)
      .onConflict(['tenant_id', 'tx_request_id'])
      .merge({ ...hold, updated_at: tx.fn.now() })
      .whereRaw('balance_holds.version < excluded.version'),
  );
}

/** What all open requests hold of one asset of a wallet, in base units. */
export interface HeldUnits {
  readonly asset_id: string;
  readonly units: bigint;
}

/** Sums per asset: amounts, and the fee ceilings in the coin that pays them. */
export async function sumHolds(tx: Tx, tenantId: TenantId, walletId: string): Promise<HeldUnits[]> {
  const { rows } = await tx.raw<{ rows: HeldUnits[] }>(
    `SELECT asset_id, SUM(units) AS units FROM (
       SELECT asset_id, amount AS units FROM balance_holds
       WHERE tenant_id = :tenantId AND wallet_id = :walletId AND is_open
       UNION ALL
       SELECT fee_asset_id, fee_ceiling FROM balance_holds
       WHERE tenant_id = :tenantId AND wallet_id = :walletId AND is_open
     ) AS held GROUP BY asset_id`,
    { tenantId, walletId },
  );
  return rows;
}
