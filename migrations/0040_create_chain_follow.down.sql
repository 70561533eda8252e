DROP TABLE IF EXISTS watched_assets;
DROP TABLE IF EXISTS watched_addresses;
DROP TABLE IF EXISTS chain_blocks;
DROP TABLE IF EXISTS chain_cursors;
