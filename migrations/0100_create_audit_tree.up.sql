-- The RFC 6962 tree over the canonical texts of a tenant's entries, as tiles of up to 256 hashes of 32 bytes
-- (c2sp.org/tlog-tiles): the entry of sequence n is leaf n - 1. A tile grows at its right end and never shrinks.
CREATE TABLE audit_tiles (
  tenant_id UUID NOT NULL,
  level INT4 NOT NULL,
  place INT8 NOT NULL,
  hashes BYTEA NOT NULL CHECK (length(hashes) BETWEEN 32 AND 8192 AND length(hashes) % 32 = 0),
  PRIMARY KEY (tenant_id, level, place)
);
ALTER TABLE audit_tiles ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_tiles FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON audit_tiles TO ironforge_app
  USING (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID)
  WITH CHECK (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID);
CREATE POLICY system_access ON audit_tiles TO ironforge_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON audit_tiles TO ironforge_app, ironforge_system;

-- What the log has signed: a note over the size and the root of its tree (c2sp.org/tlog-checkpoint), one for each batch.
CREATE TABLE audit_checkpoints (
  tenant_id UUID NOT NULL,
  size INT8 NOT NULL CHECK (size > 0),
  note TEXT NOT NULL,
  sealed_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, size)
);
ALTER TABLE audit_checkpoints ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_checkpoints FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON audit_checkpoints TO ironforge_app
  USING (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID)
  WITH CHECK (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID);
CREATE POLICY system_access ON audit_checkpoints TO ironforge_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON audit_checkpoints TO ironforge_app, ironforge_system;

-- So many entries are in the tree; those that were numbered before there was one are sealed by the next batches.
ALTER TABLE audit_sequencers ADD COLUMN sealed_size INT8 NOT NULL DEFAULT 0;
