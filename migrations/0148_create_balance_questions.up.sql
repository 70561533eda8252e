-- The newest command, by time and id, that asks for one balance which the node would not tell: the older ones need not wait beside it.
CREATE TABLE balance_questions (
  tenant_id UUID NOT NULL,
  wallet_id UUID NOT NULL,
  asset_id TEXT NOT NULL,
  newest_command TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, wallet_id, asset_id)
);
ALTER TABLE balance_questions ENABLE ROW LEVEL SECURITY;
ALTER TABLE balance_questions FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON balance_questions TO ironforge_app
  USING (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID)
  WITH CHECK (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID);
CREATE POLICY system_access ON balance_questions TO ironforge_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON balance_questions TO ironforge_system;
