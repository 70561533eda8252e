-- Whose signatures prove the approvals of a person; offered_address waits for its signature over a text with the nonce.
CREATE TABLE approval_addresses (
  tenant_id UUID NOT NULL,
  user_id UUID NOT NULL REFERENCES users (id),
  address VARCHAR(255),
  offered_address VARCHAR(255),
  nonce VARCHAR(64),
  offer_expires_at TIMESTAMPTZ,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, user_id)
);
CREATE UNIQUE INDEX approval_addresses_address ON approval_addresses (tenant_id, address) WHERE address IS NOT NULL;
ALTER TABLE approval_addresses ENABLE ROW LEVEL SECURITY;
ALTER TABLE approval_addresses FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON approval_addresses TO ironforge_app
  USING (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID)
  WITH CHECK (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID);
CREATE POLICY system_access ON approval_addresses TO ironforge_system USING (true);
GRANT SELECT, INSERT, UPDATE ON approval_addresses TO ironforge_app;
GRANT SELECT ON approval_addresses TO ironforge_system;
