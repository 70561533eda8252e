-- What one rejection does to a request: it ends it, or counts against the quorum and no more.
ALTER TABLE approver_groups ADD COLUMN rejection VARCHAR(10) NOT NULL DEFAULT 'ends' CHECK (rejection IN ('ends', 'counts'));
