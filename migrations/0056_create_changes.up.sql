-- content is the canonical text that is hashed; groups are whom it needs, as resolved when it was proposed.
-- policy_id and policy_version: the default policy then in force, on which it is based.
CREATE TABLE changes (
  id UUID PRIMARY KEY,
  tenant_id UUID NOT NULL,
  kind VARCHAR(30) NOT NULL CHECK (kind IN ('create_policy', 'update_policy', 'update_user', 'reset_totp', 'set_approval_address', 'create_wallet', 'update_wallet')),
  subject_id UUID NOT NULL,
  content TEXT NOT NULL,
  change_hash VARCHAR(66) NOT NULL,
  groups JSONB NOT NULL,
  policy_id UUID,
  policy_version INT4,
  status VARCHAR(20) NOT NULL CHECK (status IN ('pending', 'approved', 'applied', 'rejected', 'cancelled', 'expired', 'refused')),
  reason VARCHAR(40),
  author_id UUID NOT NULL,
  author_api_key_id UUID,
  version INT4 NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL,
  approved_at TIMESTAMPTZ,
  handed_over_at TIMESTAMPTZ,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
CREATE INDEX changes_newest ON changes (tenant_id, created_at DESC, id DESC);
CREATE INDEX changes_by_status ON changes (tenant_id, status, created_at DESC, id DESC);
CREATE INDEX changes_timed ON changes (expires_at) WHERE status = 'pending';
CREATE INDEX changes_to_apply ON changes (tenant_id, approved_at, id) WHERE status = 'approved';
ALTER TABLE changes ENABLE ROW LEVEL SECURITY;
ALTER TABLE changes FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON changes TO ironforge_app
  USING (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID)
  WITH CHECK (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID);
CREATE POLICY system_access ON changes TO ironforge_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON changes TO ironforge_app, ironforge_system;

CREATE TABLE change_approvals (
  id UUID PRIMARY KEY,
  tenant_id UUID NOT NULL,
  change_id UUID NOT NULL REFERENCES changes (id),
  approver_id UUID NOT NULL,
  decision VARCHAR(10) NOT NULL CHECK (decision IN ('approve', 'reject')),
  comment VARCHAR(1000),
  step_up VARCHAR(10) CHECK (step_up IN ('totp', 'signature')),
  signature VARCHAR(132),
  signer_address VARCHAR(255),
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  UNIQUE (tenant_id, change_id, approver_id)
);
ALTER TABLE change_approvals ENABLE ROW LEVEL SECURITY;
ALTER TABLE change_approvals FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON change_approvals TO ironforge_app
  USING (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID)
  WITH CHECK (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID);
CREATE POLICY system_access ON change_approvals TO ironforge_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON change_approvals TO ironforge_app, ironforge_system;
