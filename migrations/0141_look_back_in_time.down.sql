CREATE INDEX audit_entries_by_resource ON audit_entries (tenant_id, resource_type, resource_id, sequence);
DROP INDEX IF EXISTS audit_entries_of_resource;
DROP INDEX IF EXISTS audit_copies_by_tx;
DROP INDEX IF EXISTS audit_checkpoints_by_time;
