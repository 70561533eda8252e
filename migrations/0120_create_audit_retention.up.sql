-- For how many days a tenant keeps its entries, by category; what is not named is kept for ever. Whoever prunes, changes this, or
-- places or releases a hold writes to this row first, so that of one tenant only one does.
CREATE TABLE audit_retentions (
  tenant_id UUID PRIMARY KEY,
  days JSONB NOT NULL,
  turns INT8 NOT NULL
);
ALTER TABLE audit_retentions ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_retentions FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON audit_retentions TO ironforge_app
  USING (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID)
  WITH CHECK (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID);
CREATE POLICY system_access ON audit_retentions TO ironforge_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON audit_retentions TO ironforge_app, ironforge_system;

-- What is kept whatever the retention, until it is released. The scope names fields that an entry must fit.
CREATE TABLE legal_holds (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  name VARCHAR(100) NOT NULL,
  reason VARCHAR(2000) NOT NULL,
  scope JSONB NOT NULL,
  placed_at TIMESTAMPTZ NOT NULL,
  released_at TIMESTAMPTZ,
  release_reason VARCHAR(2000),
  PRIMARY KEY (tenant_id, id),
  CHECK ((released_at IS NULL) = (release_reason IS NULL))
);
CREATE INDEX legal_holds_by_time ON legal_holds (tenant_id, placed_at, id);
ALTER TABLE legal_holds ENABLE ROW LEVEL SECURITY;
ALTER TABLE legal_holds FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON legal_holds TO ironforge_app
  USING (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID)
  WITH CHECK (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID);
CREATE POLICY system_access ON legal_holds TO ironforge_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON legal_holds TO ironforge_app, ironforge_system;

-- What is left of a pruned entry: which it was, and the sealed entry that certifies it.
CREATE TABLE audit_pruned_entries (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  sequence INT8 NOT NULL,
  event_id UUID NOT NULL,
  certificate_id UUID NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, event_id),
  UNIQUE (tenant_id, sequence)
);
ALTER TABLE audit_pruned_entries ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_pruned_entries FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON audit_pruned_entries TO ironforge_app
  USING (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID)
  WITH CHECK (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID);
CREATE POLICY system_access ON audit_pruned_entries TO ironforge_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON audit_pruned_entries TO ironforge_app, ironforge_system;

CREATE INDEX audit_entries_by_age ON audit_entries (tenant_id, type, created_at);
GRANT DELETE ON audit_entries TO ironforge_app;
