-- What witnesses have signed over checkpoints (c2sp.org/tlog-cosignature): one line of the note for each, verified before it is kept.
CREATE TABLE audit_cosignatures (
  tenant_id UUID NOT NULL,
  size INT8 NOT NULL CHECK (size > 0),
  witness VARCHAR(100) NOT NULL,
  line TEXT NOT NULL,
  cosigned_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, size, witness)
);
ALTER TABLE audit_cosignatures ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_cosignatures FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON audit_cosignatures TO ironforge_app
  USING (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID)
  WITH CHECK (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID);
CREATE POLICY system_access ON audit_cosignatures TO ironforge_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON audit_cosignatures TO ironforge_app, ironforge_system;

-- How far each witness follows a tenant's log, and from when on it may be asked again: whoever moves that time on asks.
CREATE TABLE audit_witness_turns (
  tenant_id UUID NOT NULL,
  witness VARCHAR(100) NOT NULL,
  cosigned_size INT8 NOT NULL DEFAULT 0 CHECK (cosigned_size >= 0),
  next_turn_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (tenant_id, witness)
);
ALTER TABLE audit_witness_turns ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_witness_turns FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON audit_witness_turns TO ironforge_app
  USING (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID)
  WITH CHECK (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID);
CREATE POLICY system_access ON audit_witness_turns TO ironforge_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON audit_witness_turns TO ironforge_app, ironforge_system;
