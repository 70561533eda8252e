-- Read by all services: the head that the watcher has followed to, and the height that is final.
CREATE TABLE chain_cursors (
  chain_id TEXT PRIMARY KEY,
  height INT8 NOT NULL,
  hash VARCHAR(80) NOT NULL,
  block_time TIMESTAMPTZ NOT NULL,
  finalized_height INT8 NOT NULL,
  version INT8 NOT NULL,
  status VARCHAR(20) NOT NULL CHECK (status IN ('following', 'behind', 'stopped')),
  -- Why it is stopped; only a fork may be answered by taking finality back.
  stop_reason VARCHAR(40) CHECK (stop_reason IN ('forked_below_finality', 'wrong_chain')),
  leader UUID,
  fence INT8 NOT NULL,
  lease_expires_at TIMESTAMPTZ,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
GRANT SELECT ON chain_cursors TO ironforge_app;
GRANT SELECT, INSERT, UPDATE ON chain_cursors TO ironforge_system;
CREATE TABLE chain_blocks (
  chain_id TEXT NOT NULL,
  height INT8 NOT NULL,
  hash VARCHAR(80) NOT NULL,
  parent_hash VARCHAR(80) NOT NULL,
  block_time TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (chain_id, height)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON chain_blocks TO ironforge_system;
-- Below mined_count every nonce is accounted for: it has its row in spent_nonces, or was spent before anybody could be
-- offered it. quoted_count is the highest count that anybody was told; while it is above, each block is asked for it.
CREATE TABLE watched_addresses (
  tenant_id UUID NOT NULL,
  chain_id TEXT NOT NULL,
  address VARCHAR(255) NOT NULL,
  wallet_id UUID NOT NULL,
  user_id UUID NOT NULL,
  from_height INT8 NOT NULL,
  mined_count INT8,
  quoted_count INT8,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, chain_id, address)
);
CREATE INDEX watched_addresses_lookup ON watched_addresses (chain_id, address);
CREATE INDEX watched_addresses_uncounted ON watched_addresses (chain_id) WHERE quoted_count > mined_count;
CREATE INDEX watched_addresses_by_wallet ON watched_addresses (tenant_id, wallet_id);
ALTER TABLE watched_addresses ENABLE ROW LEVEL SECURITY;
ALTER TABLE watched_addresses FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON watched_addresses TO ironforge_app
  USING (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID)
  WITH CHECK (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID);
CREATE POLICY system_access ON watched_addresses TO ironforge_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON watched_addresses TO ironforge_app, ironforge_system;

CREATE TABLE watched_assets (
  tenant_id UUID NOT NULL,
  chain_id TEXT NOT NULL,
  asset_id TEXT NOT NULL,
  contract VARCHAR(255) NOT NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, chain_id, asset_id)
);
CREATE INDEX watched_assets_lookup ON watched_assets (chain_id, contract);
ALTER TABLE watched_assets ENABLE ROW LEVEL SECURITY;
ALTER TABLE watched_assets FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON watched_assets TO ironforge_app
  USING (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID)
  WITH CHECK (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID);
CREATE POLICY system_access ON watched_assets TO ironforge_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON watched_assets TO ironforge_app, ironforge_system;
