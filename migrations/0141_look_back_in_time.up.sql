-- What the log had sealed at a time, and what was in immudb by a transaction; and the newest state of a resource, which entries of its
-- aggregate tell (they have a version), past any number of entries beside it.
CREATE INDEX audit_checkpoints_by_time ON audit_checkpoints (tenant_id, sealed_at, size);
CREATE INDEX audit_copies_by_tx ON audit_copies (tenant_id, database, tx_id, size);
CREATE INDEX audit_entries_of_resource ON audit_entries (tenant_id, resource_type, resource_id, sequence, aggregate_version);
DROP INDEX audit_entries_by_resource;
