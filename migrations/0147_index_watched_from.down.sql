DROP INDEX IF EXISTS watched_addresses_from;
