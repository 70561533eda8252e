ALTER TABLE tx_requests DROP COLUMN IF EXISTS simulation;
