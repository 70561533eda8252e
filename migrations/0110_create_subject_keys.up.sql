-- The data key of each person, wrapped by the key-encryption key. Whoever was erased keeps his row without a key, so that he gets no
-- other one. A subject is `user:<id>`, or `visitors:<yyyy-mm>` for people without an account.
CREATE TABLE subject_keys (
  tenant_id UUID NOT NULL,
  subject VARCHAR(120) NOT NULL,
  key_cipher TEXT,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  erased_at TIMESTAMPTZ,
  PRIMARY KEY (tenant_id, subject),
  CHECK ((key_cipher IS NULL) = (erased_at IS NOT NULL))
);
ALTER TABLE subject_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE subject_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON subject_keys TO ironforge_app
  USING (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID)
  WITH CHECK (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID);
CREATE POLICY system_access ON subject_keys TO ironforge_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON subject_keys TO ironforge_app, ironforge_system;

-- Answers that hold e-mail and name were encrypted by the key of the installation, where no erasure reaches them.
DELETE FROM idempotency_keys WHERE route = 'POST /v1/users';
