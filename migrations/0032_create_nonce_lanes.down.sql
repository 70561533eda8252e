DROP TABLE IF EXISTS tx_attempts;
DROP TABLE IF EXISTS nonce_slots;
DROP TABLE IF EXISTS nonce_lanes;
