-- When the watcher was last asked again for a wallet that it has not answered for.
ALTER TABLE wallets ADD COLUMN watch_asked_at TIMESTAMPTZ;
CREATE INDEX wallets_activating ON wallets (created_at) WHERE status = 'activating';
