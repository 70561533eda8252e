DROP TABLE IF EXISTS spending_reservations;
DROP TABLE IF EXISTS spending_buckets;
DROP TABLE IF EXISTS spending_windows;
