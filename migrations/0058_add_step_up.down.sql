ALTER TABLE approvals DROP COLUMN IF EXISTS signer_address;
ALTER TABLE approvals DROP COLUMN IF EXISTS signature;
ALTER TABLE approvals DROP COLUMN IF EXISTS step_up;
ALTER TABLE approver_groups DROP COLUMN IF EXISTS step_up;
