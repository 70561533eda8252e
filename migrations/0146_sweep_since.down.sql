ALTER TABLE balance_sweeps DROP COLUMN IF EXISTS since_height;
