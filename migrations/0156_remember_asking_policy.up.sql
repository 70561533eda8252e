-- Which version of a policy asked these people; of a replacement that may be another one than the one pinned to its request. Groups from before do not know.
ALTER TABLE approver_groups ADD COLUMN policy_id UUID, ADD COLUMN policy_version INT4;
