-- The keys by which texts stand in immudb: one for each tenant, category and month, itself encrypted by the installation's key.
-- Once nothing of that month and category is left in SQL its key is deleted, and nobody reads the copy any more.
CREATE TABLE audit_copy_keys (
  tenant_id UUID NOT NULL,
  category VARCHAR(20) NOT NULL,
  month VARCHAR(7) NOT NULL,
  wrapped BYTEA NOT NULL CHECK (length(wrapped) = 60),
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, category, month)
);
ALTER TABLE audit_copy_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_copy_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON audit_copy_keys TO ironforge_app
  USING (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID)
  WITH CHECK (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID);
CREATE POLICY system_access ON audit_copy_keys TO ironforge_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE ON audit_copy_keys TO ironforge_app, ironforge_system;
