ALTER TABLE approvals DROP COLUMN IF EXISTS step_up;
ALTER TABLE approver_groups DROP COLUMN IF EXISTS step_up;
