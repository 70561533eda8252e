-- Exports of a tenant's log: which entries of a range that is sealed, in what, how far the range was searched, and what was signed of
-- the result. The file itself is not kept: it is written anew from the log whenever it is asked for. A holder has the job while its
-- lease lasts; the fence rises with every holder, so that an old one is recognised.
CREATE TABLE export_jobs (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  format VARCHAR(10) NOT NULL CHECK (format IN ('jsonl', 'csv')),
  filter JSONB NOT NULL,
  first_sequence INT8 NOT NULL CHECK (first_sequence > 0),
  last_sequence INT8 NOT NULL CHECK (last_sequence >= first_sequence),
  checkpoint_size INT8 NOT NULL CHECK (checkpoint_size >= last_sequence),
  status VARCHAR(10) NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'running', 'ready', 'failed', 'expired')),
  reason VARCHAR(40),
  searched_sequence INT8 NOT NULL,
  entries INT8 NOT NULL DEFAULT 0 CHECK (entries >= 0),
  size_bytes INT8 NOT NULL CHECK (size_bytes >= 0),
  sha256 VARCHAR(64),
  manifest TEXT,
  created_by_type VARCHAR(20) NOT NULL,
  created_by_id VARCHAR(100) NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL,
  holder UUID,
  fence INT8 NOT NULL DEFAULT 0,
  lease_expires_at TIMESTAMPTZ,
  PRIMARY KEY (tenant_id, id),
  CHECK (status <> 'ready' OR (manifest IS NOT NULL AND sha256 IS NOT NULL))
);
CREATE INDEX export_jobs_listed ON export_jobs (tenant_id, created_at DESC, id DESC);
CREATE INDEX export_jobs_open ON export_jobs (status, created_at) WHERE status IN ('waiting', 'running');
CREATE INDEX export_jobs_expiring ON export_jobs (expires_at) WHERE status IN ('ready', 'failed');
ALTER TABLE export_jobs ENABLE ROW LEVEL SECURITY;
ALTER TABLE export_jobs FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON export_jobs TO ironforge_app
  USING (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID)
  WITH CHECK (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID);
CREATE POLICY system_access ON export_jobs TO ironforge_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON export_jobs TO ironforge_app, ironforge_system;

-- What a part of the range gives: so many bytes of the file with this hash, from which on it can be written anew and compared.
CREATE TABLE export_parts (
  tenant_id UUID NOT NULL,
  export_id UUID NOT NULL,
  first_sequence INT8 NOT NULL CHECK (first_sequence > 0),
  last_sequence INT8 NOT NULL CHECK (last_sequence >= first_sequence),
  byte_offset INT8 NOT NULL CHECK (byte_offset >= 0),
  size_bytes INT8 NOT NULL CHECK (size_bytes > 0),
  sha256 VARCHAR(64) NOT NULL CHECK (length(sha256) = 64),
  PRIMARY KEY (tenant_id, export_id, byte_offset)
);
ALTER TABLE export_parts ENABLE ROW LEVEL SECURITY;
ALTER TABLE export_parts FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON export_parts TO ironforge_app
  USING (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID)
  WITH CHECK (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID);
CREATE POLICY system_access ON export_parts TO ironforge_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE ON export_parts TO ironforge_app, ironforge_system;
