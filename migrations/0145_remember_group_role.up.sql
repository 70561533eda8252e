-- Of which role the people of a group were, so that who loses the role later does not count for it; null for named people.
ALTER TABLE approver_groups ADD COLUMN role VARCHAR(50);
