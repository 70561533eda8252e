DROP TABLE IF EXISTS watch_attempts;
DROP TABLE IF EXISTS watches;
DROP TABLE IF EXISTS spent_nonces;
DROP TABLE IF EXISTS transactions;
