-- Reports in which the log of a tenant compared a range of blocks with its entries: what was signed, and the findings that it names
-- by their hash.
CREATE TABLE audit_reports (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  chain_id TEXT NOT NULL,
  from_height INT8 NOT NULL CHECK (from_height >= 0),
  to_height INT8 NOT NULL CHECK (to_height >= from_height),
  checkpoint_size INT8 NOT NULL CHECK (checkpoint_size > 0),
  findings_count INT4 NOT NULL CHECK (findings_count >= 0),
  findings TEXT NOT NULL,
  report TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX audit_reports_listed ON audit_reports (tenant_id, created_at DESC, id DESC);
ALTER TABLE audit_reports ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_reports FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON audit_reports TO ironforge_app
  USING (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID)
  WITH CHECK (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID);
CREATE POLICY system_access ON audit_reports TO ironforge_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON audit_reports TO ironforge_app, ironforge_system;

-- Entries that say in which block something was mined, by that block: what a report asks for.
CREATE INDEX audit_entries_mined ON audit_entries (
  tenant_id, chain_id, (COALESCE(details->'request'->>'blockHeight', details->>'blockHeight')::INT8)
) WHERE type IN ('tx_request_included', 'tx_confirmed', 'tx_request_failed', 'tx_request_cancelled', 'tx_request_adopted',
  'deposit_observed');
