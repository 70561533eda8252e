DROP TABLE IF EXISTS audit_broker_streams;
