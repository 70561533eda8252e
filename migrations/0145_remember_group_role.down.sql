ALTER TABLE approver_groups DROP COLUMN IF EXISTS role;
