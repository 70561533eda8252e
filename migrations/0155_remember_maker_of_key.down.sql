DROP INDEX IF EXISTS api_keys_made_by;
ALTER TABLE api_keys DROP COLUMN IF EXISTS made_by;
