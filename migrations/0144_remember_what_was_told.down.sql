ALTER TABLE tx_requests DROP COLUMN IF EXISTS told_at_height;
