-- Who reads by these reads numbered entries: an entry is put into them once, when it gets its number, and not before too.
DROP INDEX audit_entries_by_actor;
DROP INDEX audit_entries_by_type;
DROP INDEX audit_entries_by_time;
DROP INDEX audit_entries_by_tx_hash;
DROP INDEX audit_entries_of_resource;
CREATE INDEX audit_entries_by_actor ON audit_entries (tenant_id, actor_id, sequence) WHERE sequence IS NOT NULL;
CREATE INDEX audit_entries_by_type ON audit_entries (tenant_id, type, sequence) WHERE sequence IS NOT NULL;
CREATE INDEX audit_entries_by_time ON audit_entries (tenant_id, occurred_at, sequence) WHERE sequence IS NOT NULL;
CREATE INDEX audit_entries_by_tx_hash ON audit_entries (tenant_id, tx_hash, sequence) WHERE sequence IS NOT NULL AND tx_hash IS NOT NULL;
CREATE INDEX audit_entries_of_resource ON audit_entries (tenant_id, resource_type, resource_id, sequence, aggregate_version)
  WHERE sequence IS NOT NULL;
