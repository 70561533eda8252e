DROP INDEX IF EXISTS audit_entries_without_terms;
DROP INDEX IF EXISTS audit_entries_by_terms;
ALTER TABLE audit_entries DROP COLUMN IF EXISTS search_terms;
