-- What of a tenant's log is in immudb too: the entries up to `size`, after those of the row before, by this transaction. A batch has
-- one row; one that is too large for one transaction has several, the last of them with the size of its checkpoint. Each database
-- of immudb's has rows of its own: in a new one the copy begins anew.
CREATE TABLE audit_copies (
  tenant_id UUID NOT NULL,
  database VARCHAR(100) NOT NULL,
  size INT8 NOT NULL CHECK (size > 0),
  tx_id INT8 NOT NULL CHECK (tx_id > 0),
  tx_hash VARCHAR(64) NOT NULL CHECK (length(tx_hash) = 64),
  copied_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, database, size)
);
ALTER TABLE audit_copies ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_copies FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON audit_copies TO ironforge_app
  USING (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID)
  WITH CHECK (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID);
CREATE POLICY system_access ON audit_copies TO ironforge_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON audit_copies TO ironforge_app, ironforge_system;

-- The newest state of a database of immudb's that was proved. It names its server: another one under the same address is refused.
CREATE TABLE immudb_states (
  database VARCHAR(100) PRIMARY KEY,
  server_uuid VARCHAR(100) NOT NULL,
  tx_id INT8 NOT NULL CHECK (tx_id > 0),
  tx_hash VARCHAR(64) NOT NULL CHECK (length(tx_hash) = 64),
  proved_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
GRANT SELECT, INSERT, UPDATE ON immudb_states TO ironforge_system;

-- Which process copies into a database. There is no fence: what a late holder writes is the same again.
CREATE TABLE audit_copiers (
  database VARCHAR(100) PRIMARY KEY,
  holder UUID,
  lease_expires_at TIMESTAMPTZ
);
GRANT SELECT, INSERT, UPDATE ON audit_copiers TO ironforge_system;
