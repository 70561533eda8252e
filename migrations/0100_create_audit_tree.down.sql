ALTER TABLE audit_sequencers DROP COLUMN IF EXISTS sealed_size;
DROP TABLE IF EXISTS audit_checkpoints;
DROP TABLE IF EXISTS audit_tiles;
