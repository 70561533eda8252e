-- Requests that are decided from now on end by one rejection.
ALTER TABLE approver_groups DROP COLUMN IF EXISTS rejection;
