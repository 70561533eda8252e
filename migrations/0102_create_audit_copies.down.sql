DROP TABLE IF EXISTS audit_copiers;
DROP TABLE IF EXISTS immudb_states;
DROP TABLE IF EXISTS audit_copies;
