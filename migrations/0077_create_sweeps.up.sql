-- What a balance was right after a block, as far as it is explained: each later one is this and the transfers since. A reorg
-- forgets those of undone blocks, so older ones stay until they are below finality.
CREATE TABLE balance_marks (
  tenant_id UUID NOT NULL,
  wallet_id UUID NOT NULL,
  asset_id TEXT NOT NULL,
  height INT8 NOT NULL,
  chain_id TEXT NOT NULL,
  address VARCHAR(255) NOT NULL,
  amount NUMERIC(78,0) NOT NULL CHECK (amount >= 0),
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, wallet_id, asset_id, height)
);
CREATE INDEX balance_marks_by_block ON balance_marks (chain_id, height);
ALTER TABLE balance_marks ENABLE ROW LEVEL SECURITY;
ALTER TABLE balance_marks FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON balance_marks TO ironforge_app
  USING (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID)
  WITH CHECK (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID);
CREATE POLICY system_access ON balance_marks TO ironforge_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON balance_marks TO ironforge_system;
CREATE INDEX transactions_by_wallet_height ON transactions (tenant_id, wallet_id, block_height);

-- How far the sweep under way has come, at one block; without a height none is. last_height is the block of the last whole one.
CREATE TABLE balance_sweeps (
  chain_id TEXT PRIMARY KEY,
  height INT8,
  hash VARCHAR(80),
  block_time TIMESTAMPTZ,
  after_tenant UUID,
  after_address VARCHAR(255),
  last_height INT8,
  version INT8 NOT NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
GRANT SELECT, INSERT, UPDATE ON balance_sweeps TO ironforge_system;
