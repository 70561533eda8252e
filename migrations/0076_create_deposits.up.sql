-- A transfer is what a block lists; internal and unexplained are differences of a balance that a sweep found between two heights.
ALTER TABLE transactions ADD COLUMN kind VARCHAR(12) NOT NULL DEFAULT 'transfer' CHECK (kind IN ('transfer', 'internal', 'unexplained'));
-- What the token's log says, where the balance moved by another amount.
ALTER TABLE transactions ADD COLUMN logged_amount NUMERIC(78,0);
ALTER TABLE transactions ADD COLUMN range_from INT8;
ALTER TABLE transactions ADD COLUMN version INT4 NOT NULL DEFAULT 1;
ALTER TABLE transactions ALTER COLUMN tx_hash DROP NOT NULL;
ALTER TABLE transactions ALTER COLUMN from_address DROP NOT NULL;
CREATE INDEX transactions_deposits ON transactions (tenant_id, block_time DESC, id DESC) WHERE direction = 'in';

-- What came in of tokens that the tenant does not know: shown apart, in no balance, the newest hundred of a wallet.
CREATE TABLE quarantined_transfers (
  id UUID PRIMARY KEY,
  tenant_id UUID NOT NULL,
  wallet_id UUID NOT NULL,
  chain_id TEXT NOT NULL,
  tx_hash VARCHAR(80) NOT NULL,
  transfer_index INT4 NOT NULL,
  from_address VARCHAR(255) NOT NULL,
  to_address VARCHAR(255) NOT NULL,
  asset_id TEXT NOT NULL,
  amount NUMERIC(78,0) NOT NULL CHECK (amount > 0),
  block_height INT8 NOT NULL,
  block_hash VARCHAR(80) NOT NULL,
  block_time TIMESTAMPTZ NOT NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  UNIQUE (chain_id, tx_hash, wallet_id, transfer_index)
);
CREATE INDEX quarantined_transfers_newest ON quarantined_transfers (tenant_id, block_time DESC, id DESC);
CREATE INDEX quarantined_transfers_by_wallet ON quarantined_transfers (wallet_id, block_height DESC);
CREATE INDEX quarantined_transfers_by_block ON quarantined_transfers (chain_id, block_height);
ALTER TABLE quarantined_transfers ENABLE ROW LEVEL SECURITY;
ALTER TABLE quarantined_transfers FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON quarantined_transfers TO ironforge_app
  USING (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID)
  WITH CHECK (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID);
CREATE POLICY system_access ON quarantined_transfers TO ironforge_system USING (true) WITH CHECK (true);
GRANT SELECT ON quarantined_transfers TO ironforge_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON quarantined_transfers TO ironforge_system;
