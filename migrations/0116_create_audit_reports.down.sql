DROP INDEX IF EXISTS audit_entries_mined;
DROP TABLE IF EXISTS audit_reports;
