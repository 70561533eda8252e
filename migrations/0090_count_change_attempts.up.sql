-- How often applying it failed, and until when others go first; null while it is the first in line.
ALTER TABLE changes ADD COLUMN failures INT4 NOT NULL DEFAULT 0;
ALTER TABLE changes ADD COLUMN passed_over_until TIMESTAMPTZ;
