-- The tenants that asked for their log as a stream of the broker. Its reader's password is known to the broker alone, and there as a hash.
CREATE TABLE audit_broker_streams (
  tenant_id UUID NOT NULL PRIMARY KEY,
  max_age_days INT4 NOT NULL CHECK (max_age_days BETWEEN 1 AND 365),
  created_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
ALTER TABLE audit_broker_streams ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_broker_streams FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON audit_broker_streams TO ironforge_app
  USING (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID)
  WITH CHECK (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID);
CREATE POLICY system_access ON audit_broker_streams TO ironforge_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON audit_broker_streams TO ironforge_app, ironforge_system;
