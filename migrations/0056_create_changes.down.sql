DROP TABLE IF EXISTS change_approvals;
DROP TABLE IF EXISTS changes;
