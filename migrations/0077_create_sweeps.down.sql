DROP TABLE IF EXISTS balance_sweeps;
DROP INDEX IF EXISTS transactions_by_wallet_height;
DROP TABLE IF EXISTS balance_marks;
