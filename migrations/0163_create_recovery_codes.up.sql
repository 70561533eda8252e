-- What signs in a person once who lost his authenticator; only keyed hashes, a row goes when its code is used.
CREATE TABLE recovery_codes (
  tenant_id UUID NOT NULL,
  user_id UUID NOT NULL REFERENCES users (id),
  code_hash VARCHAR(64) NOT NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, user_id, code_hash)
);
ALTER TABLE recovery_codes ENABLE ROW LEVEL SECURITY;
ALTER TABLE recovery_codes FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON recovery_codes TO ironforge_app
  USING (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID)
  WITH CHECK (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID);
GRANT SELECT, INSERT, DELETE ON recovery_codes TO ironforge_app;
