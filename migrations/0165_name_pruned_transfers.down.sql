DROP INDEX IF EXISTS audit_pruned_by_certificate;
DROP INDEX IF EXISTS audit_pruned_transfers;
ALTER TABLE audit_pruned_entries DROP COLUMN IF EXISTS transfer;
