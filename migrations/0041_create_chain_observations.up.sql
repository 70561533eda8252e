-- What the chain showed: one row per wallet and transfer; a reorg marks it, a new block moves it.
CREATE TABLE transactions (
  id UUID PRIMARY KEY,
  tenant_id UUID NOT NULL,
  wallet_id UUID NOT NULL,
  tx_request_id UUID,
  direction VARCHAR(3) NOT NULL CHECK (direction IN ('in', 'out')),
  chain_id TEXT NOT NULL,
  tx_hash VARCHAR(80) NOT NULL,
  transfer_index INT4 NOT NULL,
  from_address VARCHAR(255) NOT NULL,
  to_address VARCHAR(255),
  asset_id TEXT NOT NULL,
  amount NUMERIC(78,0) NOT NULL CHECK (amount >= 0),
  fee NUMERIC(78,0),
  status VARCHAR(12) NOT NULL CHECK (status IN ('pending', 'confirmed', 'failed', 'reorged')),
  block_height INT8,
  block_hash VARCHAR(80),
  block_time TIMESTAMPTZ NOT NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  UNIQUE (chain_id, tx_hash, wallet_id, transfer_index, direction)
);
CREATE INDEX transactions_by_wallet ON transactions (tenant_id, wallet_id, block_time DESC, id DESC);
CREATE INDEX transactions_by_block ON transactions (chain_id, block_height);
ALTER TABLE transactions ENABLE ROW LEVEL SECURITY;
ALTER TABLE transactions FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON transactions TO ironforge_app
  USING (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID)
  WITH CHECK (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID);
CREATE POLICY system_access ON transactions TO ironforge_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON transactions TO ironforge_app, ironforge_system;

-- What took which nonce of a watched address: a transaction, or none (EIP-7702) where a row with a depth has no hash; version rises with each change of depth, also when undone.
CREATE TABLE spent_nonces (
  tenant_id UUID NOT NULL,
  chain_id TEXT NOT NULL,
  address VARCHAR(255) NOT NULL,
  nonce INT8 NOT NULL,
  version INT8 NOT NULL,
  depth VARCHAR(12) NOT NULL CHECK (depth IN ('none', 'included', 'confirmed', 'finalized')),
  tx_hash VARCHAR(80),
  to_address VARCHAR(255),
  value NUMERIC(78,0),
  data TEXT,
  success BOOLEAN,
  tx_type INT4,
  gas_limit INT8,
  max_fee_per_gas NUMERIC(78,0),
  max_priority_fee_per_gas NUMERIC(78,0),
  attachments TEXT[],
  fee_paid NUMERIC(78,0),
  block_height INT8,
  block_hash VARCHAR(80),
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, chain_id, address, nonce)
);
CREATE INDEX spent_nonces_by_block ON spent_nonces (chain_id, block_height);
CREATE INDEX spent_nonces_included ON spent_nonces (chain_id, block_height) WHERE depth = 'included';
CREATE INDEX spent_nonces_by_hash ON spent_nonces (chain_id, tx_hash);
ALTER TABLE spent_nonces ENABLE ROW LEVEL SECURITY;
ALTER TABLE spent_nonces FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON spent_nonces TO ironforge_app
  USING (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID)
  WITH CHECK (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID);
CREATE POLICY system_access ON spent_nonces TO ironforge_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON spent_nonces TO ironforge_app, ironforge_system;

-- One watch per request, with all its attempts; the version rises with each commit that changes what is observed.
CREATE TABLE watches (
  tenant_id UUID NOT NULL,
  tx_request_id UUID NOT NULL,
  chain_id TEXT NOT NULL,
  version INT8 NOT NULL,
  depth VARCHAR(12) NOT NULL CHECK (depth IN ('none', 'included', 'confirmed', 'finalized')),
  winner_attempt_id UUID,
  winner_tx_hash VARCHAR(80),
  winner_success BOOLEAN,
  winner_fee_paid NUMERIC(78,0),
  block_height INT8,
  block_hash VARCHAR(80),
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, tx_request_id)
);
CREATE INDEX watches_by_block ON watches (chain_id, block_height);
CREATE INDEX watches_unmined ON watches (chain_id) WHERE depth = 'none';
ALTER TABLE watches ENABLE ROW LEVEL SECURITY;
ALTER TABLE watches FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON watches TO ironforge_app
  USING (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID)
  WITH CHECK (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID);
CREATE POLICY system_access ON watches TO ironforge_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON watches TO ironforge_app, ironforge_system;

CREATE TABLE watch_attempts (
  attempt_id UUID PRIMARY KEY,
  tenant_id UUID NOT NULL,
  tx_request_id UUID NOT NULL,
  chain_id TEXT NOT NULL,
  address VARCHAR(255) NOT NULL,
  nonce INT8 NOT NULL,
  tx_hash VARCHAR(80) NOT NULL,
  raw TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
CREATE INDEX watch_attempts_by_hash ON watch_attempts (chain_id, tx_hash);
CREATE INDEX watch_attempts_by_request ON watch_attempts (tenant_id, tx_request_id);
ALTER TABLE watch_attempts ENABLE ROW LEVEL SECURITY;
ALTER TABLE watch_attempts FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON watch_attempts TO ironforge_app
  USING (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID)
  WITH CHECK (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID);
CREATE POLICY system_access ON watch_attempts TO ironforge_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON watch_attempts TO ironforge_app, ironforge_system;
