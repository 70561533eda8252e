-- One second factor of a person; last_step is the newest time step that was used, so that no code serves twice (RFC 6238).
CREATE TABLE totp_factors (
  tenant_id UUID NOT NULL,
  user_id UUID NOT NULL REFERENCES users (id),
  secret_cipher TEXT NOT NULL,
  confirmed_at TIMESTAMPTZ,
  last_step INT8 NOT NULL,
  failures INT4 NOT NULL,
  blocked_until TIMESTAMPTZ,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, user_id)
);
ALTER TABLE totp_factors ENABLE ROW LEVEL SECURITY;
ALTER TABLE totp_factors FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON totp_factors TO ironforge_app
  USING (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID)
  WITH CHECK (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID);
GRANT SELECT, INSERT, UPDATE, DELETE ON totp_factors TO ironforge_app;
