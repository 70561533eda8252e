DROP TABLE IF EXISTS audit_witness_turns;
DROP TABLE IF EXISTS audit_cosignatures;
