-- One entry per domain event; it has no number, and no canonical JSON, until the tenant's sequencer gives them.
-- Version 0 stands for an event outside an aggregate, which waits for no other.
CREATE TABLE audit_entries (
  id UUID PRIMARY KEY,
  tenant_id UUID NOT NULL,
  sequence INT8,
  event_id UUID NOT NULL,
  aggregate VARCHAR(120) NOT NULL,
  aggregate_version INT4 NOT NULL,
  type VARCHAR(60) NOT NULL,
  resource_type VARCHAR(40) NOT NULL,
  resource_id VARCHAR(120) NOT NULL,
  action VARCHAR(40) NOT NULL,
  status VARCHAR(10) NOT NULL CHECK (status IN ('success', 'failure')),
  actor_type VARCHAR(10) NOT NULL CHECK (actor_type IN ('user', 'api_key', 'service', 'chain')),
  actor_id VARCHAR(100) NOT NULL,
  client_ip VARCHAR(45),
  user_agent VARCHAR(400),
  request_id VARCHAR(64),
  chain_id TEXT,
  tx_hash VARCHAR(80),
  occurred_at TIMESTAMPTZ NOT NULL,
  details JSONB NOT NULL,
  canonical TEXT,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  UNIQUE (tenant_id, event_id),
  CHECK ((sequence IS NULL) = (canonical IS NULL))
);
CREATE UNIQUE INDEX audit_entries_sequence ON audit_entries (tenant_id, sequence) WHERE sequence IS NOT NULL;
CREATE INDEX audit_entries_waiting ON audit_entries (tenant_id, created_at) WHERE sequence IS NULL;
CREATE INDEX audit_entries_by_resource ON audit_entries (tenant_id, resource_type, resource_id, sequence);
CREATE INDEX audit_entries_by_actor ON audit_entries (tenant_id, actor_id, sequence);
CREATE INDEX audit_entries_by_type ON audit_entries (tenant_id, type, sequence);
CREATE INDEX audit_entries_by_time ON audit_entries (tenant_id, occurred_at, sequence);
CREATE INDEX audit_entries_by_tx_hash ON audit_entries (tenant_id, tx_hash, sequence) WHERE tx_hash IS NOT NULL;
ALTER TABLE audit_entries ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_entries FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON audit_entries TO ironforge_app
  USING (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID)
  WITH CHECK (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID);
CREATE POLICY system_access ON audit_entries TO ironforge_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON audit_entries TO ironforge_app, ironforge_system;

-- The last version of each aggregate that has a number: the next one to take is this plus one.
CREATE TABLE audit_aggregates (
  tenant_id UUID NOT NULL,
  aggregate VARCHAR(120) NOT NULL,
  version INT4 NOT NULL,
  PRIMARY KEY (tenant_id, aggregate)
);
ALTER TABLE audit_aggregates ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_aggregates FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON audit_aggregates TO ironforge_app
  USING (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID)
  WITH CHECK (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID);
CREATE POLICY system_access ON audit_aggregates TO ironforge_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON audit_aggregates TO ironforge_app, ironforge_system;

-- One sequencer per tenant at a time; the fence rises with every change of holder.
CREATE TABLE audit_sequencers (
  tenant_id UUID PRIMARY KEY,
  last_sequence INT8 NOT NULL,
  holder UUID,
  fence INT8 NOT NULL,
  lease_expires_at TIMESTAMPTZ
);
ALTER TABLE audit_sequencers ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_sequencers FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON audit_sequencers TO ironforge_app
  USING (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID)
  WITH CHECK (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID);
CREATE POLICY system_access ON audit_sequencers TO ironforge_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON audit_sequencers TO ironforge_app, ironforge_system;
