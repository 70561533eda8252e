-- At which block a wallet's balances were last told because somebody asked: when it is undone they are told anew.
CREATE TABLE balance_reads (
  tenant_id UUID NOT NULL,
  wallet_id UUID NOT NULL,
  chain_id TEXT NOT NULL,
  address TEXT NOT NULL,
  height INT8 NOT NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, wallet_id, chain_id)
);
CREATE INDEX balance_reads_by_height ON balance_reads (chain_id, height);
ALTER TABLE balance_reads ENABLE ROW LEVEL SECURITY;
ALTER TABLE balance_reads FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON balance_reads TO ironforge_app
  USING (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID)
  WITH CHECK (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID);
CREATE POLICY system_access ON balance_reads TO ironforge_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON balance_reads TO ironforge_system;
