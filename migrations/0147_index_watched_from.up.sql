-- Undoing a block begins the watch of those wallets a block lower that were watched from there on.
CREATE INDEX watched_addresses_from ON watched_addresses (chain_id, from_height);
