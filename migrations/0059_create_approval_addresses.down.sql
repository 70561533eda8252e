DROP TABLE IF EXISTS approval_addresses;
