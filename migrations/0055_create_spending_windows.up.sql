-- The row that is locked for every decision about a rule's spending window; reserved is what open requests hold of it.
-- A rule whose window gets another length begins another window.
CREATE TABLE spending_windows (
  tenant_id UUID NOT NULL,
  policy_id UUID NOT NULL REFERENCES policies (id),
  rule VARCHAR(100) NOT NULL,
  asset_id TEXT NOT NULL,
  hours INT4 NOT NULL CHECK (hours > 0),
  reserved NUMERIC(78,0) NOT NULL CHECK (reserved >= 0),
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, policy_id, rule, asset_id, hours)
);
ALTER TABLE spending_windows ENABLE ROW LEVEL SECURITY;
ALTER TABLE spending_windows FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON spending_windows TO ironforge_app
  USING (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID)
  WITH CHECK (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID);
CREATE POLICY system_access ON spending_windows TO ironforge_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON spending_windows TO ironforge_app, ironforge_system;

-- What confirmed requests took, by the time of their confirmation: a bucket is hours / 24 long, counted from 1970.
CREATE TABLE spending_buckets (
  tenant_id UUID NOT NULL,
  policy_id UUID NOT NULL REFERENCES policies (id),
  rule VARCHAR(100) NOT NULL,
  asset_id TEXT NOT NULL,
  hours INT4 NOT NULL CHECK (hours > 0),
  bucket INT8 NOT NULL,
  amount NUMERIC(78,0) NOT NULL CHECK (amount >= 0),
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, policy_id, rule, asset_id, hours, bucket)
);
ALTER TABLE spending_buckets ENABLE ROW LEVEL SECURITY;
ALTER TABLE spending_buckets FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON spending_buckets TO ironforge_app
  USING (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID)
  WITH CHECK (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID);
CREATE POLICY system_access ON spending_buckets TO ironforge_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON spending_buckets TO ironforge_app, ironforge_system;

-- What one request holds of one window; its key makes a second reservation impossible.
CREATE TABLE spending_reservations (
  tx_request_id UUID NOT NULL REFERENCES tx_requests (id),
  tenant_id UUID NOT NULL,
  policy_id UUID NOT NULL REFERENCES policies (id),
  rule VARCHAR(100) NOT NULL,
  asset_id TEXT NOT NULL,
  hours INT4 NOT NULL CHECK (hours > 0),
  amount NUMERIC(78,0) NOT NULL CHECK (amount >= 0),
  state VARCHAR(10) NOT NULL CHECK (state IN ('open', 'committed', 'released')),
  bucket INT8 CHECK ((bucket IS NOT NULL) = (state = 'committed')),
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, tx_request_id)
);
ALTER TABLE spending_reservations ENABLE ROW LEVEL SECURITY;
ALTER TABLE spending_reservations FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON spending_reservations TO ironforge_app
  USING (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID)
  WITH CHECK (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID);
CREATE POLICY system_access ON spending_reservations TO ironforge_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON spending_reservations TO ironforge_app, ironforge_system;
