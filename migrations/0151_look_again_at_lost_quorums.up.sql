-- The sweeper goes through what waits for approval, of all tenants, to look again at what lost its quorum.
CREATE INDEX tx_requests_pending ON tx_requests (id) WHERE status = 'pending_approval';
