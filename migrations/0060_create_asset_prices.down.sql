ALTER TABLE tx_requests DROP COLUMN IF EXISTS policy_prices;
DROP TABLE IF EXISTS asset_prices;
