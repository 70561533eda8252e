ALTER TABLE audit_sequencers DROP COLUMN IF EXISTS signing_key;
