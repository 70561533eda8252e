-- Blocks from before a wallet was watched that are read for it; below next_height they have been.
CREATE TABLE backfills (
  id UUID PRIMARY KEY,
  tenant_id UUID NOT NULL,
  wallet_id UUID NOT NULL,
  user_id UUID NOT NULL,
  chain_id TEXT NOT NULL,
  address VARCHAR(255) NOT NULL,
  from_height INT8 NOT NULL CHECK (from_height >= 0),
  to_height INT8 NOT NULL CHECK (to_height >= from_height),
  next_height INT8 NOT NULL,
  status VARCHAR(10) NOT NULL CHECK (status IN ('running', 'done')),
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX backfills_running ON backfills (tenant_id, wallet_id) WHERE status = 'running';
CREATE INDEX backfills_next ON backfills (chain_id, next_height) WHERE status = 'running';
CREATE INDEX backfills_by_wallet ON backfills (tenant_id, wallet_id, created_at DESC);
ALTER TABLE backfills ENABLE ROW LEVEL SECURITY;
ALTER TABLE backfills FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON backfills TO ironforge_app
  USING (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID)
  WITH CHECK (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID);
CREATE POLICY system_access ON backfills TO ironforge_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON backfills TO ironforge_app;
GRANT SELECT, UPDATE ON backfills TO ironforge_system;
