import { type RowOf, table } from '../table.ts';

/** Balances that the node would not tell, and the newest command that asks for each; owned by chain-watcher. */
export const balanceQuestions = table('balance_questions', {
  tenant_id: 'uuid',
  wallet_id: 'uuid',
  asset_id: 'text',
  newest_command: 'text',
  created_at: 'timestamptz',
});

export type BalanceQuestionRow = RowOf<typeof balanceQuestions>;
