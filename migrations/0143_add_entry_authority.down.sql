ALTER TABLE audit_entries DROP COLUMN IF EXISTS authority;
