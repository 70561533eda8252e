-- The sweeper goes through changes that wait for approval, of all tenants, to look again at those that somebody approved.
CREATE INDEX changes_pending ON changes (id) WHERE status = 'pending';
