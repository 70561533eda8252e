-- state is tx-core's whole state of the request; the columns beside it are what queries need.
-- bound_nonce: the one nonce that the request may take; a gap fill's own from the start.
CREATE TABLE tx_requests (
  id UUID PRIMARY KEY,
  tenant_id UUID NOT NULL,
  wallet_id UUID NOT NULL,
  user_id UUID NOT NULL,
  created_by_api_key_id UUID,
  submitted_by UUID,
  submitted_by_api_key_id UUID,
  submitted_at TIMESTAMPTZ,
  chain VARCHAR(20) NOT NULL CHECK (chain IN ('evm')),
  chain_id TEXT NOT NULL,
  from_address VARCHAR(255) NOT NULL,
  to_address VARCHAR(255) NOT NULL,
  asset_id TEXT NOT NULL,
  amount NUMERIC(78,0) NOT NULL CHECK (amount >= 0),
  decimals INT4 NOT NULL,
  fee_ceiling NUMERIC(78,0) NOT NULL CHECK (fee_ceiling >= 0),
  client_reference VARCHAR(200),
  note VARCHAR(1000),
  metadata JSONB NOT NULL,
  intent TEXT NOT NULL,
  intent_hash VARCHAR(66) NOT NULL,
  status VARCHAR(20) NOT NULL CHECK (status IN ('draft', 'pending_approval', 'approved', 'signed', 'broadcasted', 'confirmed', 'failed', 'rejected', 'expired', 'cancelled')),
  reason VARCHAR(40),
  version INT4 NOT NULL,
  state JSONB NOT NULL,
  policy_id UUID,
  policy_version INT4,
  policy_rule VARCHAR(100),
  policy_explanation JSONB,
  tx_hash VARCHAR(66),
  block_height INT8,
  block_hash VARCHAR(66),
  expires_at TIMESTAMPTZ,
  heard_at_height INT8,
  sent_at_height INT8,
  gap_nonce INT8,
  bound_nonce INT8,
  signable_since TIMESTAMPTZ,
  finalized_at TIMESTAMPTZ,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX tx_requests_client_reference ON tx_requests (tenant_id, client_reference) WHERE client_reference IS NOT NULL;
-- A gap is filled by one task at a time.
CREATE UNIQUE INDEX tx_requests_open_gap ON tx_requests (tenant_id, chain_id, from_address, gap_nonce) WHERE gap_nonce IS NOT NULL AND status = 'approved';
CREATE INDEX tx_requests_newest ON tx_requests (tenant_id, created_at DESC, id DESC);
CREATE INDEX tx_requests_by_status ON tx_requests (tenant_id, status, created_at DESC, id DESC);
CREATE INDEX tx_requests_by_wallet ON tx_requests (tenant_id, wallet_id, created_at DESC, id DESC);
CREATE INDEX tx_requests_by_hash ON tx_requests (tenant_id, tx_hash) WHERE tx_hash IS NOT NULL;
CREATE INDEX tx_requests_timed ON tx_requests (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX tx_requests_signable ON tx_requests (tenant_id, signable_since, id) WHERE signable_since IS NOT NULL;
CREATE INDEX tx_requests_unsettled ON tx_requests (chain_id, heard_at_height) WHERE finalized_at IS NULL AND status IN ('signed', 'broadcasted', 'confirmed', 'failed', 'cancelled');
CREATE INDEX tx_requests_unmined ON tx_requests (chain_id, sent_at_height) WHERE status = 'broadcasted' AND block_height IS NULL;
ALTER TABLE tx_requests ENABLE ROW LEVEL SECURITY;
ALTER TABLE tx_requests FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON tx_requests TO ironforge_app
  USING (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID)
  WITH CHECK (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID);
CREATE POLICY system_access ON tx_requests TO ironforge_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON tx_requests TO ironforge_app, ironforge_system;

-- Every transition, append-only; the version is the optimistic lock and makes gaps visible.
CREATE TABLE tx_events (
  tenant_id UUID NOT NULL,
  tx_request_id UUID NOT NULL REFERENCES tx_requests (id),
  version INT4 NOT NULL,
  type VARCHAR(60) NOT NULL,
  data JSONB NOT NULL,
  actor_type VARCHAR(20) NOT NULL,
  actor_id VARCHAR(100) NOT NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, tx_request_id, version)
);
ALTER TABLE tx_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE tx_events FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON tx_events TO ironforge_app
  USING (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID)
  WITH CHECK (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID);
CREATE POLICY system_access ON tx_events TO ironforge_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON tx_events TO ironforge_app, ironforge_system;

-- The groups of the matched rule with their people, as resolved when this intent was submitted.
CREATE TABLE approver_groups (
  tenant_id UUID NOT NULL,
  tx_request_id UUID NOT NULL REFERENCES tx_requests (id),
  intent_hash VARCHAR(66) NOT NULL,
  alternative INT4 NOT NULL,
  position INT4 NOT NULL,
  name VARCHAR(100) NOT NULL,
  required INT4 NOT NULL CHECK (required > 0),
  approver_ids UUID[] NOT NULL,
  PRIMARY KEY (tenant_id, tx_request_id, intent_hash, alternative, position)
);
ALTER TABLE approver_groups ENABLE ROW LEVEL SECURITY;
ALTER TABLE approver_groups FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON approver_groups TO ironforge_app
  USING (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID)
  WITH CHECK (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID);
CREATE POLICY system_access ON approver_groups TO ironforge_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON approver_groups TO ironforge_app, ironforge_system;

CREATE TABLE approvals (
  id UUID PRIMARY KEY,
  tenant_id UUID NOT NULL,
  tx_request_id UUID NOT NULL REFERENCES tx_requests (id),
  intent_hash VARCHAR(66) NOT NULL,
  approver_id UUID NOT NULL,
  decision VARCHAR(10) NOT NULL CHECK (decision IN ('approve', 'reject')),
  comment VARCHAR(1000),
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  UNIQUE (tenant_id, intent_hash, approver_id)
);
CREATE INDEX approvals_by_request ON approvals (tenant_id, tx_request_id);
ALTER TABLE approvals ENABLE ROW LEVEL SECURITY;
ALTER TABLE approvals FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON approvals TO ironforge_app
  USING (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID)
  WITH CHECK (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID);
CREATE POLICY system_access ON approvals TO ironforge_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON approvals TO ironforge_app, ironforge_system;

-- The plan's counter of a UTC day: locked before a request is added.
CREATE TABLE daily_tx_counts (
  tenant_id UUID NOT NULL,
  day DATE NOT NULL,
  requests INT4 NOT NULL CHECK (requests >= 0),
  PRIMARY KEY (tenant_id, day)
);
ALTER TABLE daily_tx_counts ENABLE ROW LEVEL SECURITY;
ALTER TABLE daily_tx_counts FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON daily_tx_counts TO ironforge_app
  USING (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID)
  WITH CHECK (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID);
CREATE POLICY system_access ON daily_tx_counts TO ironforge_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON daily_tx_counts TO ironforge_app, ironforge_system;
