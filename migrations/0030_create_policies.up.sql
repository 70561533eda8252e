CREATE TABLE policies (
  id UUID PRIMARY KEY,
  tenant_id UUID NOT NULL,
  name VARCHAR(100) NOT NULL,
  description VARCHAR(1000),
  version INT4 NOT NULL,
  is_active BOOLEAN NOT NULL,
  is_default BOOLEAN NOT NULL,
  created_by UUID NOT NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX policies_default ON policies (tenant_id) WHERE is_default;
CREATE INDEX policies_newest ON policies (tenant_id, created_at DESC, id DESC);
ALTER TABLE policies ENABLE ROW LEVEL SECURITY;
ALTER TABLE policies FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON policies TO ironforge_app
  USING (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID)
  WITH CHECK (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID);
CREATE POLICY system_access ON policies TO ironforge_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON policies TO ironforge_app, ironforge_system;

-- Versions are never changed: a request is decided by the one it was pinned to.
CREATE TABLE policy_versions (
  tenant_id UUID NOT NULL,
  policy_id UUID NOT NULL REFERENCES policies (id),
  version INT4 NOT NULL,
  rules JSONB NOT NULL,
  created_by UUID NOT NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, policy_id, version)
);
ALTER TABLE policy_versions ENABLE ROW LEVEL SECURITY;
ALTER TABLE policy_versions FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON policy_versions TO ironforge_app
  USING (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID)
  WITH CHECK (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID);
CREATE POLICY system_access ON policy_versions TO ironforge_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON policy_versions TO ironforge_app, ironforge_system;
