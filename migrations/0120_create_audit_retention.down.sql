REVOKE DELETE ON audit_entries FROM ironforge_app;
DROP INDEX IF EXISTS audit_entries_by_age;
DROP TABLE IF EXISTS audit_pruned_entries;
DROP TABLE IF EXISTS legal_holds;
DROP TABLE IF EXISTS audit_retentions;
