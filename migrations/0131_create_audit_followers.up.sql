-- How far each program that follows a tenant's log has come: everything up to this number has arrived where it is to arrive. One process
-- at a time goes on from there (a lease with a fence), whichever that is.
CREATE TABLE audit_followers (
  tenant_id UUID NOT NULL,
  name VARCHAR(80) NOT NULL,
  sequence INT8 NOT NULL DEFAULT 0 CHECK (sequence >= 0),
  holder UUID,
  fence INT8 NOT NULL DEFAULT 1,
  lease_expires_at TIMESTAMPTZ,
  PRIMARY KEY (tenant_id, name)
);
ALTER TABLE audit_followers ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_followers FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON audit_followers TO ironforge_app
  USING (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID)
  WITH CHECK (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID);
CREATE POLICY system_access ON audit_followers TO ironforge_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON audit_followers TO ironforge_app, ironforge_system;
