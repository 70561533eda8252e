ALTER TABLE approver_groups ADD COLUMN step_up VARCHAR(10) CHECK (step_up IN ('totp'));
ALTER TABLE approvals ADD COLUMN step_up VARCHAR(10) CHECK (step_up IN ('totp'));
