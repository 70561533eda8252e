import type { BalanceQuestionRow } from '@ironforge/schema';
import type { Tx } from '@ironforge/store';

/** A command that asks for some balances of a wallet, and where it stands among all that do. */
export interface Question {
  readonly tenantId: string;
  readonly walletId: string;
  readonly assetIds: readonly string[];
  readonly command: string;
}

/** Notes a command, for each balance of which no newer one asks. */
export async function noteQuestion(tx: Tx, question: Question): Promise<void> {
  await tx.raw(
    `INSERT INTO balance_questions AS q (tenant_id, wallet_id, asset_id, newest_command)
     SELECT DISTINCT CAST(:tenantId AS UUID), CAST(:walletId AS UUID), a, CAST(:command AS TEXT) FROM unnest(:assetIds::TEXT[]) AS a
     ON CONFLICT (tenant_id, wallet_id, asset_id) DO UPDATE SET newest_command = excluded.newest_command
     WHERE excluded.newest_command > q.newest_command`,
    { ...question, assetIds: [...question.assetIds] },
  );
}

/** Whether a newer command asks for each of these balances, so that this one need not wait for any. */
export async function isOutdatedQuestion(tx: Tx, question: Question): Promise<boolean> {
  const { rows } = await tx.raw<{ rows: readonly unknown[] }>(
    `SELECT 1 FROM balance_questions
     WHERE tenant_id = :tenantId AND wallet_id = :walletId AND asset_id = ANY(:assetIds) AND newest_command > :command`,
    { ...question, assetIds: [...question.assetIds] },
  );
  return rows.length === new Set(question.assetIds).size;
}

/** Forgets what was answered. */
export async function closeQuestion(
  tx: Tx,
  { tenantId, walletId, assetIds }: Omit<Question, 'command'>,
): Promise<void> {
  await tx<BalanceQuestionRow>('balance_questions')
    .where({ tenant_id: tenantId, wallet_id: walletId })
    .whereRaw('asset_id = ANY(?)', [[...assetIds]])
    .delete();
}
