CREATE TABLE wallets (
  id UUID PRIMARY KEY,
  tenant_id UUID NOT NULL,
  user_id UUID NOT NULL,
  chain VARCHAR(20) NOT NULL CHECK (chain IN ('evm')),
  chain_id TEXT NOT NULL,
  address VARCHAR(255) NOT NULL,
  name VARCHAR(100) NOT NULL,
  type VARCHAR(20) NOT NULL CHECK (type IN ('deposit', 'personal', 'master', 'hot', 'cold', 'trading')),
  status VARCHAR(20) NOT NULL CHECK (status IN ('activating', 'active', 'archived')),
  policy_id UUID,
  is_watch_only BOOLEAN NOT NULL,
  is_default BOOLEAN NOT NULL,
  tags TEXT[] NOT NULL,
  metadata JSONB NOT NULL,
  version INT4 NOT NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  UNIQUE (tenant_id, chain_id, address)
);
CREATE INDEX wallets_newest ON wallets (tenant_id, created_at DESC, id DESC);
CREATE INDEX wallets_by_user ON wallets (tenant_id, user_id, created_at DESC, id DESC);
ALTER TABLE wallets ENABLE ROW LEVEL SECURITY;
ALTER TABLE wallets FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON wallets TO ironforge_app
  USING (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID)
  WITH CHECK (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID);
CREATE POLICY system_access ON wallets TO ironforge_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON wallets TO ironforge_app, ironforge_system;

-- The plan's counter: locked before a wallet is added, so that parallel requests cannot pass the limit.
CREATE TABLE wallet_counts (
  tenant_id UUID PRIMARY KEY,
  wallets INT4 NOT NULL CHECK (wallets >= 0)
);
ALTER TABLE wallet_counts ENABLE ROW LEVEL SECURITY;
ALTER TABLE wallet_counts FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON wallet_counts TO ironforge_app
  USING (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID)
  WITH CHECK (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID);
CREATE POLICY system_access ON wallet_counts TO ironforge_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON wallet_counts TO ironforge_app, ironforge_system;

CREATE TABLE assets (
  tenant_id UUID NOT NULL,
  asset_id TEXT NOT NULL,
  chain_id TEXT NOT NULL,
  symbol VARCHAR(20) NOT NULL,
  name VARCHAR(100) NOT NULL,
  decimals INT4 NOT NULL CHECK (decimals BETWEEN 0 AND 77),
  logo_url VARCHAR(2000),
  version INT4 NOT NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, asset_id)
);
CREATE INDEX assets_newest ON assets (tenant_id, created_at DESC, asset_id DESC);
ALTER TABLE assets ENABLE ROW LEVEL SECURITY;
ALTER TABLE assets FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON assets TO ironforge_app
  USING (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID)
  WITH CHECK (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID);
CREATE POLICY system_access ON assets TO ironforge_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON assets TO ironforge_app, ironforge_system;

-- The newest observation of each balance; version is the watcher's counter, so that an older answer never wins.
CREATE TABLE token_balances (
  tenant_id UUID NOT NULL,
  wallet_id UUID NOT NULL REFERENCES wallets (id),
  asset_id TEXT NOT NULL,
  amount NUMERIC(78,0) NOT NULL CHECK (amount >= 0),
  pending NUMERIC(78,0) NOT NULL CHECK (pending >= 0),
  block_height INT8 NOT NULL,
  block_hash VARCHAR(80) NOT NULL,
  version INT8 NOT NULL,
  as_of TIMESTAMPTZ NOT NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, wallet_id, asset_id)
);
ALTER TABLE token_balances ENABLE ROW LEVEL SECURITY;
ALTER TABLE token_balances FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON token_balances TO ironforge_app
  USING (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID)
  WITH CHECK (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID);
CREATE POLICY system_access ON token_balances TO ironforge_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON token_balances TO ironforge_app, ironforge_system;

-- What open requests will take from a wallet, learned from their events.
CREATE TABLE balance_holds (
  tenant_id UUID NOT NULL,
  tx_request_id UUID NOT NULL,
  wallet_id UUID NOT NULL,
  asset_id TEXT NOT NULL,
  amount NUMERIC(78,0) NOT NULL CHECK (amount >= 0),
  fee_asset_id TEXT NOT NULL,
  fee_ceiling NUMERIC(78,0) NOT NULL CHECK (fee_ceiling >= 0),
  is_open BOOLEAN NOT NULL,
  version INT4 NOT NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, tx_request_id)
);
CREATE INDEX balance_holds_open ON balance_holds (tenant_id, wallet_id) WHERE is_open;
ALTER TABLE balance_holds ENABLE ROW LEVEL SECURITY;
ALTER TABLE balance_holds FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON balance_holds TO ironforge_app
  USING (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID)
  WITH CHECK (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID);
CREATE POLICY system_access ON balance_holds TO ironforge_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON balance_holds TO ironforge_app, ironforge_system;
