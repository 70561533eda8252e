-- The row that is locked for every decision about a sender's nonces; its fence only rises.
CREATE TABLE nonce_lanes (
  tenant_id UUID NOT NULL,
  chain_id TEXT NOT NULL,
  address VARCHAR(255) NOT NULL,
  wallet_id UUID NOT NULL,
  fence INT8 NOT NULL,
  mined_count INT8 NOT NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, chain_id, address)
);
ALTER TABLE nonce_lanes ENABLE ROW LEVEL SECURITY;
ALTER TABLE nonce_lanes FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON nonce_lanes TO ironforge_app
  USING (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID)
  WITH CHECK (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID);
CREATE POLICY system_access ON nonce_lanes TO ironforge_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON nonce_lanes TO ironforge_app, ironforge_system;

-- The primary key is the last wall against using one nonce for two requests.
CREATE TABLE nonce_slots (
  tenant_id UUID NOT NULL,
  chain_id TEXT NOT NULL,
  address VARCHAR(255) NOT NULL,
  nonce INT8 NOT NULL CHECK (nonce >= 0),
  state VARCHAR(10) NOT NULL CHECK (state IN ('offered', 'signed', 'spent', 'free')),
  tx_request_id UUID,
  lease_id UUID,
  fence INT8 NOT NULL,
  lease_expires_at TIMESTAMPTZ,
  spent_version INT8,
  spent_tx_hash VARCHAR(66),
  spent_depth VARCHAR(12),
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, chain_id, address, nonce)
);
CREATE INDEX nonce_slots_offered ON nonce_slots (lease_expires_at) WHERE state = 'offered';
ALTER TABLE nonce_slots ENABLE ROW LEVEL SECURITY;
ALTER TABLE nonce_slots FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON nonce_slots TO ironforge_app
  USING (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID)
  WITH CHECK (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID);
CREATE POLICY system_access ON nonce_slots TO ironforge_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON nonce_slots TO ironforge_app, ironforge_system;

-- signable_since: of a replacement that waits for a signature; an original waits as its request does.
-- One row per payload; displaced ones stay, because their signature may exist somewhere. A replacement has no lease
-- until its payload is asked for.
CREATE TABLE tx_attempts (
  id UUID PRIMARY KEY,
  tenant_id UUID NOT NULL,
  tx_request_id UUID NOT NULL REFERENCES tx_requests (id),
  kind VARCHAR(12) NOT NULL CHECK (kind IN ('original', 'speed_up', 'cancel')),
  state VARCHAR(20) NOT NULL CHECK (state IN ('pending_approval', 'offered', 'displaced', 'signed', 'sent', 'mined', 'replaced')),
  chain_id TEXT NOT NULL,
  address VARCHAR(255) NOT NULL,
  nonce INT8 NOT NULL,
  lease_id UUID,
  fence INT8,
  intent_hash VARCHAR(66) NOT NULL,
  fee_ceiling NUMERIC(78,0) NOT NULL,
  requested_by UUID,
  unsigned_transaction TEXT NOT NULL,
  gas_limit INT8 NOT NULL,
  max_fee_per_gas NUMERIC(78,0) NOT NULL,
  max_priority_fee_per_gas NUMERIC(78,0) NOT NULL,
  fee_paid NUMERIC(78,0),
  tx_hash VARCHAR(66),
  raw TEXT,
  sent_at TIMESTAMPTZ,
  seen_at TIMESTAMPTZ,
  signable_since TIMESTAMPTZ,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  UNIQUE (tenant_id, lease_id)
);
CREATE INDEX tx_attempts_by_request ON tx_attempts (tenant_id, tx_request_id);
CREATE INDEX tx_attempts_undecided ON tx_attempts (tenant_id, intent_hash) WHERE state = 'pending_approval';
CREATE INDEX tx_attempts_signable ON tx_attempts (tenant_id, signable_since, id) WHERE signable_since IS NOT NULL;
CREATE INDEX tx_attempts_by_nonce ON tx_attempts (tenant_id, chain_id, address, nonce);
CREATE INDEX tx_attempts_unsent ON tx_attempts (sent_at) WHERE state IN ('signed', 'sent') AND seen_at IS NULL;
ALTER TABLE tx_attempts ENABLE ROW LEVEL SECURITY;
ALTER TABLE tx_attempts FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON tx_attempts TO ironforge_app
  USING (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID)
  WITH CHECK (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID);
CREATE POLICY system_access ON tx_attempts TO ironforge_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON tx_attempts TO ironforge_app, ironforge_system;
