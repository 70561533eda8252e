-- The sweeper offers the cancel of what is held back since its validity ended, of all tenants.
CREATE INDEX tx_requests_held_back ON tx_requests (id) WHERE status = 'signed' AND reason = 'validity_passed';
