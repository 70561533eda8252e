-- The key that the head of a tenant's log was signed by last, as its verifier key (c2sp.org/signed-note: origin+id+key); null while
-- nobody knows: before the first batch, and for a log whose last one was sealed before this was kept.
ALTER TABLE audit_sequencers ADD COLUMN signing_key TEXT;
