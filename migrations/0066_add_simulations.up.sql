-- What came of trying the request when it was submitted; null for drafts and for tasks of the system.
ALTER TABLE tx_requests ADD COLUMN simulation JSONB;
