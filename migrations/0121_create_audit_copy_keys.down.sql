DROP TABLE IF EXISTS audit_copy_keys;
