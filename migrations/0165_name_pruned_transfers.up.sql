-- Of which transfer a pruned entry told, in the words of a report; its certificate has a hash over them.
ALTER TABLE audit_pruned_entries ADD COLUMN transfer TEXT;
CREATE INDEX audit_pruned_transfers ON audit_pruned_entries (tenant_id, transfer) WHERE transfer IS NOT NULL;
CREATE INDEX audit_pruned_by_certificate ON audit_pruned_entries (tenant_id, certificate_id, sequence)
  WHERE transfer IS NOT NULL;
