DROP TABLE IF EXISTS audit_followers;
