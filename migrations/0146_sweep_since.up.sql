-- The lowest block of a sweep that had to go on at a newer one: that far, and no further, it has looked at every wallet. Null when
-- one of its blocks was undone. Where a sweep ended, no place in the list is kept from now on.
ALTER TABLE balance_sweeps ADD COLUMN since_height INT8;
UPDATE balance_sweeps SET after_tenant = NULL, after_address = NULL WHERE height IS NULL;
