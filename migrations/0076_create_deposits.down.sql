DROP TABLE IF EXISTS quarantined_transfers;
DROP INDEX IF EXISTS transactions_deposits;
-- The schema before has no place for what no transaction shows.
DELETE FROM transactions WHERE kind <> 'transfer';
ALTER TABLE transactions ALTER COLUMN from_address SET NOT NULL;
ALTER TABLE transactions ALTER COLUMN tx_hash SET NOT NULL;
ALTER TABLE transactions DROP COLUMN IF EXISTS version;
ALTER TABLE transactions DROP COLUMN IF EXISTS range_from;
ALTER TABLE transactions DROP COLUMN IF EXISTS logged_amount;
ALTER TABLE transactions DROP COLUMN IF EXISTS kind;
