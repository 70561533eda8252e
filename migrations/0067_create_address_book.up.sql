-- Payees and blocked addresses. user_id: of an entry of one's own; null for the tenant's.
-- What permits more needs a second person: a payee of the tenant counts once verified_by is there, and a blocked address
-- goes when removed_by is another person than removal_asked_by.
CREATE TABLE address_book (
  id UUID PRIMARY KEY,
  tenant_id UUID NOT NULL,
  kind VARCHAR(10) NOT NULL CHECK (kind IN ('payee', 'blocked')),
  chain_id TEXT NOT NULL,
  address VARCHAR(255) NOT NULL,
  label VARCHAR(100) NOT NULL,
  tags TEXT[] NOT NULL,
  user_id UUID,
  created_by UUID NOT NULL,
  verified_by UUID,
  removal_asked_by UUID,
  removed_by UUID,
  version INT4 NOT NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  CHECK (verified_by IS NULL OR verified_by <> created_by),
  CHECK (kind = 'payee' OR user_id IS NULL),
  CHECK (kind = 'payee' OR removed_by IS NULL OR removed_by <> removal_asked_by)
);
CREATE UNIQUE INDEX address_book_shared ON address_book (tenant_id, address, chain_id, kind) WHERE user_id IS NULL AND removed_by IS NULL;
CREATE UNIQUE INDEX address_book_own ON address_book (tenant_id, user_id, address, chain_id) WHERE user_id IS NOT NULL AND removed_by IS NULL;
CREATE INDEX address_book_newest ON address_book (tenant_id, created_at DESC, id DESC) WHERE removed_by IS NULL;
ALTER TABLE address_book ENABLE ROW LEVEL SECURITY;
ALTER TABLE address_book FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON address_book TO ironforge_app
  USING (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID)
  WITH CHECK (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID);
CREATE POLICY system_access ON address_book TO ironforge_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON address_book TO ironforge_app, ironforge_system;
