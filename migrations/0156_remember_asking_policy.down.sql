ALTER TABLE approver_groups DROP COLUMN IF EXISTS policy_id, DROP COLUMN IF EXISTS policy_version;
