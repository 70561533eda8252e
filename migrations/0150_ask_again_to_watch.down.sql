DROP INDEX IF EXISTS wallets_activating;
ALTER TABLE wallets DROP COLUMN IF EXISTS watch_asked_at;
