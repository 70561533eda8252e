-- The key by which a key was made, so that revoking the one revokes the other.
ALTER TABLE api_keys ADD COLUMN made_by UUID;
CREATE INDEX api_keys_made_by ON api_keys (tenant_id, made_by) WHERE made_by IS NOT NULL AND revoked_at IS NULL;
