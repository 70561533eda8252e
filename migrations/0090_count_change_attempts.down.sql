ALTER TABLE changes DROP COLUMN passed_over_until;
ALTER TABLE changes DROP COLUMN failures;
