DROP TABLE IF EXISTS audit_sequencers;
DROP TABLE IF EXISTS audit_aggregates;
DROP TABLE IF EXISTS audit_entries;
