ALTER TABLE approver_groups ADD COLUMN step_up VARCHAR(10) CHECK (step_up IN ('totp', 'signature'));
ALTER TABLE approvals ADD COLUMN step_up VARCHAR(10) CHECK (step_up IN ('totp', 'signature'));
ALTER TABLE approvals ADD COLUMN signature VARCHAR(132);
ALTER TABLE approvals ADD COLUMN signer_address VARCHAR(255);
